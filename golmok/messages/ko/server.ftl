# 서버 입구: 누구의 일도 아닌 문제들

problem-request-too-slow = 보낸 내용이 너무 천천히 도착했어요
problem-request-too-slow-detail = 인터넷 연결을 확인하고 다시 보내 주세요.
problem-too-busy = 지금 사람이 많아요
problem-too-busy-detail = 잠시 후 다시 해 주세요.
