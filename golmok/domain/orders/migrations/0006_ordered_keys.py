import django.db.models.deletion
import golmok.domain.core.ordered_id
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('festas', '0001_initial'),
        ('orders', '0005_cart'),
        ('shops', '0003_remote_parcel_fee'),
    ]

    operations = [
        migrations.AlterField(
            model_name='checkout',
            name='id',
            field=models.UUIDField(default=golmok.domain.core.ordered_id.ordered_uuid, editable=False, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name='hold',
            name='id',
            field=models.UUIDField(default=golmok.domain.core.ordered_id.ordered_uuid, editable=False, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name='hold',
            name='show',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='festas.show'),
        ),
        migrations.AlterField(
            model_name='hold',
            name='stock',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='orders.stock'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='product',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.product'),
        ),
    ]
