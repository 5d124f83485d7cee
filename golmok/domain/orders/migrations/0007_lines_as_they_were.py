from typing import Any

from django.db import migrations, models


def take_over(apps: Any, _editor: Any) -> None:
    """Lines bought before this take what their product says now."""
    for line in apps.get_model("orders", "OrderLine").objects.select_related("product", "hold__stock__variant").all():
        line.product_name_en, line.origin_en = line.product.name_en, line.product.origin_en
        line.option_name_en = line.hold.stock.variant.name_en
        line.withdrawal = line.product.withdrawal
        line.save(update_fields=["product_name_en", "option_name_en", "origin_en", "withdrawal"])


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0006_ordered_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='orderline',
            name='option_name_en',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='orderline',
            name='origin_en',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='orderline',
            name='product_name_en',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='orderline',
            name='withdrawal',
            field=models.CharField(choices=[('seven_days', '받은 날부터 7일'), ('perishable', '신선식품 (예외)'), ('made_to_order', '주문 제작 (예외)')], default='seven_days', max_length=16),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
