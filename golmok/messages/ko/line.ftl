### 결제 앞의 줄: 사려는 사람이 한꺼번에 몰릴 때

problem-not-in-line = 서 있는 줄이 없어요
problem-not-in-line-detail = 줄을 떠났거나 차례가 끝난 지 오래됐어요. ‘바로 사기’를 다시 눌러 주세요.
problem-line-crowded = 같은 인터넷에서 너무 많은 분이 기다리고 있어요
problem-line-crowded-detail = 같은 인터넷에서는 { $most }명까지 함께 기다릴 수 있어요. 와이파이를 끄고 다시 눌러 보거나 잠시 뒤에 다시 눌러 주세요.

line-title = 순서를 기다리고 있어요
line-ahead = { $count ->
    [0] 이제 차례예요
   *[other] 앞에 { $count }명
}
line-seconds = { $minutes ->
    [0] 약 { $seconds }초
   *[other] 약 { $minutes }분
}
line-number = 내 번호 { $number }번
line-keeps = 새로 고쳐도 순서는 그대로예요. 차례가 되면 주문으로 저절로 넘어가요.
line-leave = 그만 기다리기
line-hide = 닫기. 순서는 그대로 있어요
line-again = 잠시 끊겨서 줄을 새로 섰어요
line-said = { $ahead } · { $time }
