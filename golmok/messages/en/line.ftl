### The line before the till: when many buy in the same moment

problem-not-in-line = You are in no line
problem-not-in-line-detail = You left it, or your turn was long ago. Press buy again.
problem-line-crowded = Too many are waiting on this internet connection
problem-line-crowded-detail = Up to { $most } people on one internet address can wait at a time. Try again without Wi-Fi, or in a moment.

