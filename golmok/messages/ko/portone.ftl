problem-webhook-forged = 보낸 곳을 확인할 수 없어요
problem-webhook-forged-detail = 서명이 없거나 맞지 않아서 받지 않았어요. 웹훅 비밀 키 설정을 확인해 주세요.
