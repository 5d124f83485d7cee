law-terms = Terms of use
law-privacy = Privacy policy
law-rules = Rules and policies
law-more = More
law-new-window = (new window)
law-intermediary = The operator of Golmok is a mail-order intermediary. Each shop is the seller and answers for goods, delivery and refunds.
law-intermediary-named = { $operator } runs Golmok as a mail-order intermediary. Each shop is the seller and answers for goods, delivery and refunds.
law-checkout = Your name, phone and address go to the shop you order from.

law-operator-name = Trade name
law-operator-representative = Representative
law-operator-business-number = Business number
law-operator-mail-order-number = Mail-order report
law-operator-address = Address
law-operator-phone = Phone
law-operator-email = E-mail
law-operator-hosting = Hosting
law-operator-unknown = The operator has not given a name and an address yet. Until then nothing may really be sold here.

law-notice = Product information (by law)
law-notice-net = Weight, volume or size
law-notice-net-en = Weight, volume or size (English)
law-notice-maker = Maker or producer
law-notice-maker-en = Maker or producer (English)
law-notice-origin = Origin
law-notice-expiry = Use by
law-notice-expiry-en = Use by (English)
law-notice-ingredients = Ingredients and allergens
law-notice-ingredients-en = Ingredients and allergens (English)
law-notice-storage = Storage
law-notice-storage-en = Storage (English)
law-notice-care = Use and care
law-notice-care-en = Use and care (English)
law-notice-caution = Caution
law-notice-caution-en = Caution (English)
law-notice-certification = Certificates and permits
law-notice-certification-en = Certificates and permits (English)
law-notice-phone = Questions
law-hint-expiry = Instead of a date you may write “sent with at least 3 days left”.
law-hint-ingredients = For food: ingredients, the most first, and allergens named apart. Nutrition and genetic modification go here, too.
law-hint-caution = Where it is not food, also say whom to call when it is broken or faulty.
law-hint-certification = For certified goods: the name and number of the certificate.
law-missing = Notice still empty
law-missing-at-first = shown once saved
law-missing-none = Complete
law-missing-warning = The product information lacks: { $fields }. Please fill it in for buyers to read.
law-business-number-wrong = There can be no such number. Please check the 10 digits on the business registration certificate.

law-doctor-filled = complete
law-doctor-empty = empty: { $names }. Customers must be able to read who the operator is (docs/guides/law.md)
law-doctor-number = { $number } cannot be a business number

law-changed = Last changed on { $day }.

law-privacy-lead = What Golmok takes, what for, who gets it, and how long it is kept.
law-privacy-taken = What is taken, and why
law-privacy-order = When you order
law-privacy-order-what = Name, phone, your note. For a parcel also postcode and address. Your e-mail address only if you give it.
law-privacy-order-why = To hand over what you ordered, and for cancellations, returns and questions. By e-mail you only get confirmations of your order.
law-privacy-account = When you make an account
law-privacy-account-what = E-mail, user name, password. Name and phone only if you write them down.
law-privacy-account-why = To log in and to keep your orders together. You can buy without an account.
law-privacy-chat = When you chat
law-privacy-chat-what = Nickname and what you write, hearts
law-privacy-chat-why = Everyone sees it, in the show and in its replay.
law-privacy-visit = When you look around
law-privacy-visit-what = Cookies, internet (IP) address
law-privacy-visit-why = Cookies only tell whose order is whose, and go after 30 days. Without cookies you cannot order. The address is used for a moment, to stop too many requests.
law-privacy-payment = Payment is only a test now, so no card numbers or other payment data are taken.
law-privacy-draft = What you typed and did not send stays in your browser tab and goes when you close it.
law-privacy-refuse = You need not give what an order asks for, but then the order cannot be taken.
law-privacy-given = Who gets it
law-privacy-shop = The shop you order from
law-privacy-shop-what = Name, phone, postcode and address, your note, what you ordered. To prepare and hand over the goods and for questions and refunds; kept as long as said below.
law-privacy-carrier = The parcel carrier
law-privacy-carrier-what = For parcels only: the shop passes on name, phone and address, to deliver them.
law-privacy-nobody = Nobody else, unless the law demands it. It is not used for advertising and not sold.
law-privacy-hosting = The data are on servers of { $hosting }.
law-privacy-kept = How long it is kept
law-privacy-kept-by-law = Records of trade are kept as long as article 6 of the Korean E-Commerce Act and article 6 of its Decree say, even when you delete your account.
law-privacy-record = Record
law-privacy-period = Kept for
law-privacy-contract = Orders, cancellations, returns
law-privacy-money = Payments and delivery
law-privacy-complaint = Complaints and disputes
law-privacy-advert = Product information and advertising (shows, too)
law-privacy-years = { $count ->
    [one] 1 year
   *[other] { $count } years
}
law-privacy-months = { $count ->
    [one] 1 month
   *[other] { $count } months
}
law-privacy-account-period = Until you ask to delete it
law-privacy-chat-period = Until the replay is taken down
law-privacy-account-record = Account
law-privacy-chat-record = Chat
law-privacy-deleted = When the time is over, or it is needed no more, it is deleted for good.
law-privacy-rights = Your rights
law-privacy-rights-words = At any time you may ask to see, correct or delete what is kept about you, or to stop its use. Records that the law wants kept can only be deleted when their time is over.
law-privacy-how = Write or call as below, with your name and order number. You get an answer within 10 days. About what a shop received you may ask the shop itself.
law-privacy-officer = Privacy officer
law-privacy-safe = How it is kept safe
law-privacy-safe-words = Passwords are kept in a form nobody can read back. Only you, the shop and the operator can see an order.
law-privacy-help = If the answer does not help
law-privacy-help-words = You can turn to the Privacy Infringement Report Centre (118) or the Personal Information Dispute Mediation Committee (1833-6972).

law-terms-lead = What we promise each other when you watch and buy at Golmok.
law-terms-who = Who runs it
law-terms-seller = The shop is the seller
law-terms-seller-words = A shop's trade name, representative, contact and business number stand under “Seller · exchanges and returns” at the show, the product and your order. The contract is between you and that shop.
law-terms-seller-duty = The operator shows you who the shop is, takes complaints and helps to settle them. These terms take nothing away from what the law holds the operator to.
law-terms-buying = Ordering and paying
law-terms-hold = When you press Buy, the goods are kept for you at that price for { $minutes } minutes. If you have not paid by then, they go to the next buyer.
law-terms-contract = The order stands when you have paid.
law-terms-cancel = You can cancel on the order's page at any time before you pay, and within { $minutes } minutes after; { $exception } minutes for goods that cannot go back. After that, contact the shop. Your right to cancel or return within seven days stays.
law-terms-test = Payment is only a test now. No real money moves.
law-terms-undeliverable = If a shop cannot deliver, it tells you at once and pays back within 3 working days of your payment.
law-terms-returns = Cancelling, returns, refunds
law-terms-exceptions = Goods that spoil quickly and goods made to order cannot go back for a change of mind. Then the product says so, and you are asked to agree before you pay.
law-terms-refund = You get your money within 3 working days of the day the shop has the goods back.
law-terms-chat = Shows and chat
law-terms-chat-words = Please write nothing that hurts or deceives others, and no phone numbers or addresses. Chat stays in the replay of the show.
law-terms-trouble = When something is wrong
law-terms-trouble-words = Tell the shop first. If that does not help, tell the operator, who will look into it with the shop and tell you what came of it.
law-terms-trouble-help = If it is still not settled, you can turn to the consumer line 1372 or the Korean E-Commerce Mediation Committee.
law-terms-law = For what is not said here, Korean law holds, such as the E-Commerce Act. Where the law is better for the buyer than these terms, the law holds.
