find-title = Find an order
find-lead = Find what you bought without logging in, by order number and phone. It works on any phone or computer.
find-number = Order number
find-number-hint = It was on the last screen of your order. Such as 220720-k7m4pqxw
find-number-hint-mail = It was on the last screen of your order, and is in the mail that confirmed it. Such as 220720-k7m4pqxw
find-number-wrong = Write the order number like 220720-k7m4pqxw.
find-phone-hint = The number you gave when you ordered.
find-go = Find the order
find-account = What you bought logged in is there when you log in.
find-forgotten = An order you found can be seen on this device for a day.
find-elsewhere = Find an order from another device
find-none = This order cannot be seen here
find-none-detail = If you bought it on another phone or computer, find it by order number and phone. If you were logged in, log in.

problem-no-such-order = No order matches
problem-no-such-order-detail = Check the order number and the phone number. What you bought logged in is there when you log in.
