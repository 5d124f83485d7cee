### 결제 앞의 줄: 사려는 사람이 한꺼번에 몰릴 때

problem-not-in-line = 서 있는 줄이 없어요
problem-not-in-line-detail = 줄을 떠났거나 차례가 끝난 지 오래됐어요. 다시 사기를 눌러 주세요.
problem-line-crowded = 같은 인터넷에서 너무 많은 분이 기다리고 있어요
problem-line-crowded-detail = 한 인터넷 주소에서는 { $most }명까지 함께 기다릴 수 있어요. 와이파이를 끄고 다시 눌러 보거나 잠시 뒤에 다시 눌러 주세요.

