-- A checkout as pgbench's script: kept, placed and paid, each in a transaction of its own.
\set number random(1, 1000000000000)
SELECT gen_random_uuid() AS checkout, gen_random_uuid() AS hold, variant_id AS variant, product_id AS product,
       shop_id AS shop FROM bench_goods \gset
BEGIN;
SELECT total - held - sold FROM orders_stock WHERE variant_id = :variant FOR UPDATE;
INSERT INTO orders_checkout (id, buyer, status, started_at, expires_at, idempotency_key, digest, total, gateway,
    language, given_up) VALUES (:'checkout', 'guest:' || :number, 'open', now(), now() + interval '10 min', '', '', 0,
    '', 'ko', false);
INSERT INTO orders_hold (id, checkout_id, stock_id, buyer, quantity, unit_price, status, created_at, expires_at)
    VALUES (:'hold', :'checkout', :variant, 'guest:' || :number, 1, 9900, 'held', now(), now() + interval '10 min');
UPDATE orders_stock SET held = held + 1 WHERE variant_id = :variant;
COMMIT;
BEGIN;
SELECT status FROM orders_checkout WHERE id = :'checkout' FOR UPDATE;
INSERT INTO orders_order (number, checkout_id, shop_id, buyer, status, name, phone, email, fulfilment, postcode,
    address, memo, goods_total, delivery_fee, placed_at) VALUES ('b' || :number, :'checkout', :shop,
    'guest:' || :number, 'awaiting_payment', 'name', 'phone', '', 'parcel', '08754', 'address', '', 9900, 0, now());
INSERT INTO orders_orderline (order_id, hold_id, product_id, product_name, option_name, origin, unit_price, quantity)
    VALUES ('b' || :number, :'hold', :product, 'name', '', '', 9900, 1);
UPDATE orders_checkout SET status = 'placed', placed_at = now(), idempotency_key = :number, total = 9900
    WHERE id = :'checkout';
UPDATE orders_hold SET status = 'ordered' WHERE id = :'hold';
COMMIT;
BEGIN;
SELECT status FROM orders_checkout WHERE id = :'checkout' FOR UPDATE;
SELECT held FROM orders_stock WHERE variant_id = :variant FOR UPDATE;
INSERT INTO orders_paymentevent (checkout_id, gateway, reference, kind, amount, recorded_at)
    VALUES (:'checkout', 'test', :number, 'approved', 9900, now());
UPDATE orders_stock SET held = held - 1, sold = sold + 1 WHERE variant_id = :variant;
UPDATE orders_hold SET status = 'sold' WHERE id = :'hold';
UPDATE orders_order SET status = 'paid' WHERE number = 'b' || :number;
UPDATE orders_checkout SET status = 'paid' WHERE id = :'checkout';
COMMIT;
