address-find = Look up the address
address-words = Street and number, building, or lot number (in Korean)
address-words-hint = Such as 난곡로 12 or 신림동 1421-1
address-list = Addresses found
address-searching = Looking
address-found = { $count } found. Please choose one.
address-none = No address matches. Write it another way, or type it into the fields below.
address-lot = Lot { $lot }
address-filled = The address is filled in. Go on with building and unit.

problem-address-too-vague = Please say a little more
problem-address-too-vague-detail = A street with its number, or a neighbourhood with its lot number, can be found.
problem-address-search-down = Addresses cannot be looked up now
problem-address-search-down-detail = Please type the postcode and the address.

address-privacy = When you look up an address, the words you type are asked of the road-name address service of the Ministry of the Interior and Safety. Your name and phone are not sent.
