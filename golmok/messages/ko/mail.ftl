mail-letter = 알림 메일
mail-letters = 알림 메일
mail-news = 알린 내용
mail-audience = 받는 쪽
mail-audience-buyer = 산 분
mail-audience-shop = 가게
mail-step = 내용
mail-step-waiting = 입금 기다림
mail-step-paid = 결제됨
mail-step-cancelled = 취소됨
mail-step-refunded = 환불됨
mail-channel = 보내는 방법
mail-state-waiting = 보낼 차례
mail-state-sent = 보냄
mail-state-given-up = 못 보냄
mail-attempts = 보내 본 횟수
mail-next-try-at = 다음에 보낼 때
mail-made-at = 쓴 때
mail-sent-at = 보낸 때
mail-trouble = 못 보낸 까닭
mail-state-outdated = 보낼 필요 없음

mail-title = { $more ->
    [0] { $first }
   *[other] { $first } 외 { $more }건
}
mail-subject-waiting = 입금을 기다려요: { $title }
mail-subject-paid = 주문이 완료됐어요: { $title }
mail-subject-cancelled = 주문을 취소했어요: { $title }
mail-subject-refunded = 돈을 돌려드렸어요: { $title }
mail-lead-waiting = 주문을 받았어요. 아래 기한까지 돈을 보내 주시면 가게가 준비를 시작해요.
mail-lead-paid = 결제가 끝났고 가게에 주문을 전했어요. 이 메일은 주문 내용과 판매자 정보를 담은 기록이에요.
mail-lead-cancelled = 취소한 주문과 돌려드릴 돈을 알려 드려요.
mail-lead-refunded = 돌려드린 돈을 알려 드려요.
mail-transfer = 돈을 보낼 곳
mail-transfer-words = 보내는 사람 이름은 주문할 때 적은 그대로 해 주세요. 기한이 지나면 주문이 저절로 취소돼요.
mail-account = 계좌
mail-holder = 예금주
mail-amount = 보낼 돈
mail-until = 언제까지
mail-receiver = 받는 분
mail-all-orders = 함께 결제한 주문
mail-cancelled-at = { $shop } 주문 취소
mail-cancelled-asked = 요청하신 대로 취소했어요.
mail-cancelled-late = 기한까지 돈이 들어오지 않아 취소했어요. 이미 보내셨다면 들어온 돈은 모두 돌려드려요.
mail-cancelled-paid = 이 주문은 결제했지만 취소됐어요. 결제하는 사이에 상품이 다 팔렸을 수 있어요.
mail-cancelled-later = 결제한 주문을 취소했어요.
mail-refund-due = { $amount }을 돌려드려요. 돌려드리면 다시 메일로 알려 드려요.
mail-refunded = { $amount } 돌려드렸어요
mail-refunded-words = 카드는 카드사에 따라 며칠 뒤에 보일 수 있어요.
mail-refunded-at = 돌려드린 때
mail-foot-buyer = 주문한 분께 주문이 바뀔 때만 보내는 메일이에요. 광고가 아니에요.

mail-subject-shop = { $paid ->
    [0] 주문이 취소됐어요: { $cancelled }건
   *[other] { $cancelled ->
        [0] 새 주문 { $paid }건이 들어왔어요
       *[other] 새 주문 { $paid }건, 취소 { $cancelled }건
    }
}
mail-lead-shop = { $shop }에 들어온 주문이에요. 받는 분의 정보는 상품을 전하는 데만 써 주세요.
mail-shop-order = 새 주문 { $number }
mail-shop-cancelled = 취소된 주문 { $number }
mail-shop-cancelled-words = 보내거나 내주지 마세요.
mail-shop-more = 이 밖에 { $count }건이 더 있어요. 목록은 주최에게 받아 주세요.
mail-desk = 주최 사무실에서 보기
mail-foot-shop = 주문이 몰리면 5분에 한 번씩 모아서 보내요. 받을 이메일 주소는 주최 쪽에서 바꿀 수 있어요.

mail-send-many = 고른 메일 다시 보내기
mail-sending-again = { $count }통을 다시 보낼게요.
mail-sending-none = 다시 보낼 메일이 없어요. ‘못 보냄’인 것만 다시 보낼 수 있어요.
mail-given-up = 보내지 못한 메일이 { $count }통 있어요. 까닭을 보고 다시 보내 주세요.

mail-field = 이메일
mail-field-hint = 주문이 바뀔 때 메일을 보내 드려요. 광고는 보내지 않아요.
mail-field-hint-file = 시험 삼아 돌리는 곳이라 메일은 보내지 않고 파일로만 적어 두어요.
