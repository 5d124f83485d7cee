### The line before the till: when many buy in the same moment

problem-not-in-line = You are in no line
problem-not-in-line-detail = You left it, or your turn was long ago. Press buy again.
problem-line-crowded = Too many are waiting on this internet connection
problem-line-crowded-detail = Up to { $most } people on one internet address can wait at a time. Try again without Wi-Fi, or in a moment.

line-title = You are in line
line-ahead = { $count ->
    [0] Your turn now
    [one] 1 person ahead of you
   *[other] { $count } people ahead of you
}
line-seconds = { $minutes ->
    [0] about { $seconds } s
   *[other] about { $minutes } min
}
line-number = Your number is { $number }
line-keeps = Reloading keeps your place. When it is your turn, your order opens by itself.
line-leave = Leave the line
line-hide = Close. You keep your place
line-again = The server started again, and you have a new place in line
line-said = { $ahead } · { $time }
