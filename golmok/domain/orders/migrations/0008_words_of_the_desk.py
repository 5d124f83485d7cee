import golmok.domain.orders.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0007_lines_as_they_were'),
    ]

    operations = [
        migrations.AlterField(
            model_name='order',
            name='number',
            field=models.CharField(default=golmok.domain.orders.models.new_order_number, editable=False, max_length=16, primary_key=True, serialize=False, verbose_name='주문 번호'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='option_name',
            field=models.CharField(blank=True, max_length=60, verbose_name='선택 이름'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='origin',
            field=models.CharField(blank=True, max_length=120, verbose_name='원산지'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='product_name',
            field=models.CharField(max_length=80, verbose_name='상품'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='quantity',
            field=models.PositiveSmallIntegerField(verbose_name='수량'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='unit_price',
            field=models.PositiveIntegerField(verbose_name='한 개 값'),
        ),
    ]
