import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('festas', '0001_initial'),
        ('orders', '0001_initial'),
        ('shops', '0003_remote_parcel_fee'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Checkout',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('buyer', models.CharField(max_length=64)),
                ('status', models.CharField(choices=[('open', '담아 둠'), ('placed', '결제 기다림'), ('paid', '결제됨'), ('over', '끝남')], default='open', max_length=10)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('extended_at', models.DateTimeField(null=True)),
                ('placed_at', models.DateTimeField(null=True)),
                ('idempotency_key', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('total', models.PositiveIntegerField(default=0)),
                ('gateway', models.CharField(blank=True, max_length=20)),
                ('language', models.CharField(default='ko', max_length=2)),
                ('given_up', models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name='order',
            name='email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='이메일'),
        ),
        migrations.AlterField(
            model_name='paymentevent',
            name='order',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='orders.order'),
        ),
        migrations.AddIndex(
            model_name='checkout',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['buyer'], name='checkout_open_of_buyer'),
        ),
        migrations.AddIndex(
            model_name='checkout',
            index=models.Index(condition=models.Q(('status__in', ['open', 'placed'])), fields=['expires_at'], name='checkout_to_expire'),
        ),
        migrations.AddConstraint(
            model_name='checkout',
            constraint=models.UniqueConstraint(condition=models.Q(('idempotency_key', ''), _negated=True), fields=('buyer', 'idempotency_key'), name='checkout_placed_once'),
        ),
        migrations.AddField(
            model_name='hold',
            name='checkout',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='orders.checkout'),
        ),
        migrations.AddField(
            model_name='order',
            name='checkout',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='orders.checkout'),
        ),
        migrations.AddField(
            model_name='paymentevent',
            name='checkout',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payment_events', to='orders.checkout'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(fields=['buyer', 'stock'], name='hold_of_buyer'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['buyer', '-placed_at'], name='orders_of_buyer'),
        ),
    ]
