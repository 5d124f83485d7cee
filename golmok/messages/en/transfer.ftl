transfer-receipt-personal = For a person (income tax)
transfer-receipt-business = For a business (proof of expense)
transfer-receipt-self = Issued by the seller unasked
transfer-receipt-none = Not needed
transfer-depositor = Depositor’s name
transfer-receipt = Cash receipt
transfer-receipt-number = Approval number of the cash receipt
transfer-expected = Awaited transfer
transfer-expected-all = Awaited transfers
transfer-source-statement = Statement
transfer-source-hand = Entered by hand
transfer-at = Came at
transfer-amount = Amount
transfer-deposit = Deposit
transfer-deposits = Deposits
transfer-field-depositor-missing = Write the name of the person who sends the money.
transfer-field-receipt-missing = Choose what to do about a cash receipt.
transfer-field-business-wrong = Check the ten digits of the business registration number.

problem-deposit-known = This deposit is there already
problem-deposit-known-detail = The same sum came under the same name on the same day. If it is money of its own, upload the bank’s statement.
problem-deposit-unknown = There is no such deposit
problem-deposit-unknown-detail = Open the page again and choose once more.
problem-deposit-assigned = This deposit was dealt with already
problem-deposit-assigned-detail = Somebody else may have been faster. Open the page again and look.
problem-statement-unreadable = We could not read the statement
problem-statement-unreadable-detail = Upload the CSV or Excel file that the bank gave you. Remove its password first, if it has one.
problem-statement-headings = We cannot tell which column is which
problem-statement-headings-detail = The row of headings must be there: 거래일시 (date and time), 입금액 (amount), and 입금자, 적요 or 내용 (name).
problem-statement-row = We could not read row { $row }
problem-statement-row-detail = Nothing was taken in, so that no money is missed. Mend the date and amount of that row and upload it again.
problem-statement-too-long = The statement is too long
problem-statement-too-long-detail = Upload it in parts, for shorter periods. Rows that overlap are taken in once.
problem-statement-missing = There is nothing to read
problem-statement-missing-detail = Choose the file that the bank gave you, or copy the table and paste it into the field.

transfer-title = Bank transfers
transfer-todo = Whose are these? ({ $count })
transfer-reason-several = Several orders have this name and sum.
transfer-reason-amount = The name is right, the sum is another.
transfer-reason-late = The order’s time is over or it was cancelled. If the goods are still there it becomes an order, otherwise money to give back.
transfer-reason-unknown = No order waits under this name.
transfer-reason-fits = One order fits. Read the statement again and it is assigned by itself.
transfer-assign = It is for this order
transfer-came-so-far = { $amount } came
transfer-given-up = cancelled order
transfer-until = Pay by
transfer-was-until = time was over:
transfer-otherwise = It is for another order, or for none
transfer-why-aside = What is it? (Interest, sent by mistake …)
transfer-set-aside = It is for no order
transfer-for-no-order = For no order
transfer-statement = Bank statement
transfer-statement-words = Upload the bank’s file as it is. Only what came in is read, and each row counts once however often you upload it.
transfer-file = File (CSV, Excel)
transfer-paste = Or copy the table and paste it
transfer-read = Read the statement
transfer-was-read = { $new } new { $new ->
    [one] deposit
   *[other] deposits
}, of which { $matched } found an order. { $known } { $known ->
    [one] row was
   *[other] rows were
} known.
transfer-by-hand = Enter one by hand
transfer-by-hand-words = When a statement brings the same deposit later, the two become one.
transfer-enter = Enter the deposit
transfer-was-entered = The deposit of { $name } is entered. Say which order it is for.
transfer-was-matched = The deposit of { $name } found its order.
transfer-was-assigned = Paid: { $orders }
transfer-not-whole-yet = Assigned. Some of the money is still missing, or the order was cancelled: { $orders }
transfer-was-set-aside = Noted as money for no order.
transfer-awaited = Awaited transfers ({ $count })
transfer-none-awaited = No transfer is awaited. When a buyer chooses to pay by bank transfer, it is shown here.
transfer-missing = Sum
transfer-receipts-to-issue = Cash receipts to issue ({ $count })
transfer-receipts-words = Issue them at Hometax or at your card terminal and write down the approval number; the buyer’s number is masked then. Unasked ones are due within 5 days.
transfer-show-number = Show the number
transfer-receipt-done = It is issued
transfer-receipt-was-noted = The approval number is noted and the buyer’s number is masked.
transfer-settled = Settled deposits
transfer-what-for = What for
transfer-by = By
transfer-by-itself = by itself
transfer-back = Money to send back
transfer-back-todo = Money to send back ({ $count })
transfer-back-words = Call the buyer, ask for an account, send the money at the bank, then press. Golmok does not keep the account number.
transfer-back-beyond = (came beyond what was due)
transfer-back-done = It is sent back
transfer-back-was-noted = The money sent back is noted.

problem-refund-not-due = That is not owed back
problem-refund-not-due-detail = ₩{ $due } are owed back for this order now. Somebody else may have noted it already.

transfer-form = By bank transfer
transfer-depositor-note = Write it as your bank will show it. The name and the sum lead to your order.
transfer-receipt-personal-note = To your mobile number.
transfer-receipt-business-note = To your business registration number.
transfer-receipt-none-note = From ₩100,000 on, one is issued to the tax office’s own number.
transfer-receipt-phone = Mobile number for the cash receipt
transfer-receipt-business-number = Business registration number
