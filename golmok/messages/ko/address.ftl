address-find = 주소 찾기
address-words = 도로 이름과 번호, 건물 이름이나 번지
address-words-hint = 예: 난곡로 12, 신림동 1421-1
address-list = 찾은 주소
address-searching = 찾고 있어요
address-found = { $count }곳을 찾았어요. 하나를 골라 주세요.
address-none = 맞는 주소가 없어요. 다르게 적거나 아래 칸에 직접 입력해 주세요.
address-lot = 지번 { $lot }
address-filled = 주소를 채웠어요. 동과 호수를 이어서 적어 주세요.

problem-address-too-vague = 조금 더 자세히 적어 주세요
problem-address-too-vague-detail = 도로 이름과 번호, 또는 동과 번지를 함께 적으면 찾을 수 있어요.
problem-address-search-down = 지금은 주소를 찾지 못해요
problem-address-search-down-detail = 우편번호와 주소를 직접 입력해 주세요.

address-privacy = 주소를 찾을 때 적은 말은 행정안전부 도로명주소 서비스로 보내서 찾아요. 이름과 전화번호는 보내지 않아요.
