find-title = 주문 찾기
find-lead = 로그인하지 않고 산 주문을 주문 번호와 전화번호로 찾아요. 다른 휴대폰이나 컴퓨터에서도 돼요.
find-number = 주문 번호
find-number-hint = 주문을 마친 화면에 있어요. 예: 220720-k7m4pqxw
find-number-hint-mail = 주문을 마친 화면과 주문 확인 메일에 있어요. 예: 220720-k7m4pqxw
find-number-wrong = 주문 번호를 220720-k7m4pqxw처럼 적어 주세요.
find-phone-hint = 주문할 때 적은 번호를 적어 주세요.
find-go = 주문 찾기
find-account = 로그인하고 산 주문은 로그인하면 볼 수 있어요.
find-forgotten = 찾은 주문은 이 기기에서 하루 동안 볼 수 있어요.
find-elsewhere = 다른 기기에서 산 주문 찾기
find-none = 여기서는 이 주문을 볼 수 없어요
find-none-detail = 다른 휴대폰이나 컴퓨터에서 샀다면 주문 번호와 전화번호로 찾을 수 있어요. 로그인하고 샀다면 로그인해 주세요.

problem-no-such-order = 맞는 주문이 없어요
problem-no-such-order-detail = 주문 번호와 전화번호를 다시 확인해 주세요. 로그인하고 산 주문은 로그인하면 볼 수 있어요.
