-- Single commits, as of an application, then whole batches.
select format('insert into customers (first_name, email) values (%L, %L)', 'n' || n, 'n' || n || '@example.com')
from generate_series(1, 2000) n \gexec
select format('update customers set email = %L where id = %s', 'changed' || n, n) from generate_series(1, 1000) n \gexec
select format('delete from customers where id = %s', n) from generate_series(1, 500) n \gexec
select format('insert into customers (first_name, last_name) select %L, n from generate_series(1, 1000) n', 'b' || b)
from generate_series(1, 60) b \gexec
update customers set last_name = 'doe' where id between 3000 and 8000;
truncate customers;
