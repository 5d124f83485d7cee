waiting-title = 지금은 다 나갔어요
waiting-join = 기다릴게요
waiting-detail = 남는 게 나오면 기다린 순서대로 맡아 두고 알려 드려요.
waiting-place = 대기 { $place }번째
waiting-place-detail = { $count }개를 기다리고 있어요. 차례가 오면 이 화면에서 알려 드릴게요.
waiting-leave = 그만 기다리기
waiting-left = 더 기다리지 않아요.
waiting-email = 이메일
waiting-email-hint = 적어 두면 화면을 닫아도 차례를 알려 드려요.
waiting-turn = 차례가 왔어요. { $minutes }분 동안 맡아 둘게요.
waiting-turn-fewer = 차례가 왔어요. { $count }개가 나와서 { $minutes }분 동안 맡아 둘게요.
waiting-mail-subject = 차례가 왔어요: { $product }
waiting-mail =
    기다리신 { $product } 차례가 왔어요.
    { $minutes }분 동안 맡아 둘게요. 그 안에 주문하지 않으면 다음 분께 드려요.

    기다리던 그 휴대폰이나 컴퓨터에서 열어 주세요.
    { $address }

problem-still-left = 아직 남아 있어요
problem-still-left-detail = 기다리지 않아도 돼요. 바로 사기를 눌러 주세요.
problem-many-wait-from-here = 같은 인터넷에서 많이 기다리고 있어요
problem-many-wait-from-here-detail = 한 인터넷 주소에서는 { $most }명까지 기다릴 수 있어요. 와이파이를 끄고 다시 눌러 보세요.
problem-many-from-here = 같은 인터넷에서 결제를 기다리는 수량이 많아요
problem-many-from-here-detail = 먼저 고른 것을 결제하거나 돌려놓으면 바로 살 수 있어요. 여럿이 같은 와이파이를 쓴다면 와이파이를 끄고 다시 눌러 보세요.
