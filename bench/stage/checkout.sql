-- A checkout as pgbench's script: kept, placed and paid, each in a transaction of its own.
\set number random(1, 1000000000000)
SELECT variant_id AS variant, product_id AS product,
       shop_id AS shop FROM bench_goods \gset
BEGIN;
SELECT total - held - sold FROM orders_stock WHERE variant_id = :variant FOR UPDATE;
INSERT INTO orders_checkout (id, buyer, status, started_at, expires_at, idempotency_key, digest, total, gateway,
    language, given_up, owes_back) VALUES (md5('c' || :number)::uuid, 'guest:' || :number, 'open', now(),
    now() + interval '10 min', '', '', 0, '', 'ko', false, false);
INSERT INTO orders_hold (id, checkout_id, stock_id, buyer, quantity, unit_price, status, created_at, expires_at,
    at_live_price)
    VALUES (md5('h' || :number)::uuid, md5('c' || :number)::uuid, :variant, 'guest:' || :number, 1, 9900, 'held', now(), now() + interval '10 min', true);
UPDATE orders_stock SET held = held + 1 WHERE variant_id = :variant;
COMMIT;
BEGIN;
SELECT status FROM orders_checkout WHERE id = md5('c' || :number)::uuid FOR UPDATE;
INSERT INTO orders_order (number, checkout_id, shop_id, buyer, status, name, phone, email, fulfilment, postcode,
    address, memo, goods_total, delivery_fee, given_up, placed_at) VALUES ('b' || :number, md5('c' || :number)::uuid, :shop,
    'guest:' || :number, 'awaiting_payment', 'name', 'phone', '', 'parcel', '08754', 'address', '', 9900, 0, false, now());
INSERT INTO orders_orderline (order_id, hold_id, product_id, product_name, product_name_en, option_name, option_name_en,
    origin, origin_en, withdrawal, unit_price, quantity)
    VALUES ('b' || :number, md5('h' || :number)::uuid, :product, 'name', '', '', '', '', '', 'seven_days', 9900, 1);
UPDATE orders_checkout SET status = 'placed', placed_at = now(), idempotency_key = :number::text, total = 9900
    WHERE id = md5('c' || :number)::uuid;
UPDATE orders_hold SET status = 'ordered' WHERE id = md5('h' || :number)::uuid;
COMMIT;
BEGIN;
SELECT status FROM orders_checkout WHERE id = md5('c' || :number)::uuid FOR UPDATE;
SELECT held FROM orders_stock WHERE variant_id = :variant FOR UPDATE;
INSERT INTO orders_paymentevent (checkout_id, gateway, reference, kind, amount, recorded_at)
    VALUES (md5('c' || :number)::uuid, 'test', :number::text, 'approved', 9900, now());
UPDATE orders_stock SET held = held - 1, sold = sold + 1 WHERE variant_id = :variant;
UPDATE orders_hold SET status = 'sold' WHERE id = md5('h' || :number)::uuid;
UPDATE orders_order SET status = 'paid' WHERE number = 'b' || :number;
UPDATE orders_checkout SET status = 'paid' WHERE id = md5('c' || :number)::uuid;
COMMIT;
