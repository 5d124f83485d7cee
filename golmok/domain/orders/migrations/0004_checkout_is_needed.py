import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0003_one_checkout_per_order'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='order',
            name='order_placed_once',
        ),
        migrations.RemoveField(
            model_name='order',
            name='cancelled_by_buyer',
        ),
        migrations.RemoveField(
            model_name='order',
            name='idempotency_key',
        ),
        migrations.RemoveField(
            model_name='order',
            name='language',
        ),
        migrations.AlterField(
            model_name='hold',
            name='checkout',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='orders.checkout'),
        ),
        migrations.AlterField(
            model_name='order',
            name='checkout',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='orders.checkout'),
        ),
        migrations.AlterField(
            model_name='paymentevent',
            name='checkout',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_events', to='orders.checkout'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('checkout', 'shop'), name='one_order_per_shop'),
        ),
    ]
