mail-letter = Notice by mail
mail-letters = Notices by mail
mail-news = What was told
mail-audience = To
mail-audience-buyer = Buyer
mail-audience-shop = Shop
mail-step = Step
mail-step-waiting = Waits for the transfer
mail-step-paid = Paid
mail-step-cancelled = Cancelled
mail-step-refunded = Refunded
mail-channel = Channel
mail-state-waiting = To be sent
mail-state-sent = Sent
mail-state-given-up = Not sent
mail-attempts = Tries
mail-next-try-at = Next try
mail-made-at = Written
mail-sent-at = Sent at
mail-trouble = Why not
mail-state-outdated = Not needed any more

mail-title = { $more ->
    [0] { $first }
   *[other] { $first } and { $more } more
}
mail-subject-waiting = Waiting for your transfer: { $title }
mail-subject-paid = Your order is complete: { $title }
mail-subject-cancelled = Order cancelled: { $title }
mail-subject-refunded = Money returned: { $title }
mail-lead-waiting = We have your order. Once your transfer arrives, before the time below, the shop begins to prepare it.
mail-lead-paid = Your payment went through and the shop has your order. This mail is your record of it and of who sold it.
mail-lead-cancelled = This is what was cancelled, and what comes back to you.
mail-lead-refunded = This is what came back to you.
mail-transfer = Where to send the money
mail-transfer-words = Please send it under the name you ordered with. After the time is over the order is cancelled by itself.
mail-account = Account
mail-holder = Account holder
mail-amount = Amount
mail-until = Until
mail-receiver = Receiver
mail-all-orders = Orders paid together
mail-cancelled-at = Order at { $shop } cancelled
mail-cancelled-asked = Cancelled, as you asked.
mail-cancelled-late = Cancelled, because no money came in time. If you sent it already, all of it comes back to you.
mail-cancelled-paid = This order was paid and then cancelled. Its goods may have sold out while you were paying.
mail-cancelled-later = An order that was paid is cancelled.
mail-refund-due = { $amount } comes back to you. We write again once it was sent.
mail-refunded = { $amount } returned
mail-refunded-words = With a card it may take some days to show.
mail-refunded-at = Returned at
mail-foot-buyer = Sent to you because you ordered, and only when something becomes of the order. No advertising.

mail-subject-shop = { $paid ->
    [0] Cancelled orders: { $cancelled }
   *[other] { $cancelled ->
        [0] New orders: { $paid }
       *[other] New orders: { $paid }, cancelled: { $cancelled }
    }
}
mail-lead-shop = Orders at { $shop }. Please use what is said of the receivers for delivery only.
mail-shop-order = New order { $number }
mail-shop-cancelled = Cancelled order { $number }
mail-shop-cancelled-words = Do not send it or hand it over.
mail-shop-more = There are { $count } more. Ask the organiser for the list.
mail-desk = See them at the desk
mail-foot-shop = When many orders come they are gathered, one mail every five minutes. The organiser can change the address.

mail-send-many = Send chosen letters again
mail-sending-again = Sending again: { $count }
mail-sending-none = Nothing to send again. Only what was not sent can be.
mail-given-up = { $count } letters could not be sent. See why, and send them again.

mail-field = E-mail
mail-field-hint = We write there when something becomes of your order. No advertising.
mail-field-hint-file = This is a trial: mail is written into a file and not sent.
