waiting-title = Sold out for now
waiting-join = Wait for it
waiting-detail = If some come back, we keep them for those who wait, in the order they came, and tell you.
waiting-place = No. { $place } in the list
waiting-place-detail = You wait for { $count }. This page tells you when it is your turn.
waiting-leave = Stop waiting
waiting-left = You do not wait any more.
waiting-email = E-mail
waiting-email-hint = With it we can tell you when this page is closed, too.
waiting-turn = It is your turn. Yours for { $minutes } minutes.
waiting-turn-fewer = It is your turn. { $count } came back, yours for { $minutes } minutes.
waiting-mail-subject = It is your turn: { $product }
waiting-mail =
    It is your turn for { $product }.
    We keep it for { $minutes } minutes. After that it goes to the next person.

    Please open this on the phone or computer on which you waited.
    { $address }

problem-still-left = There are some left
problem-still-left-detail = No need to wait. Press buy.
problem-many-wait-from-here = Many are waiting on this internet connection
problem-many-wait-from-here-detail = Up to { $most } people on one internet address can wait for it. Turn Wi-Fi off and try again.
problem-many-from-here = Many units wait for payment from this internet connection
problem-many-from-here-detail = Pay or put back what was chosen first, and you can buy at once. If several of you share this Wi-Fi, turn Wi-Fi off and try again.
