from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shops', '0002_product_notice'),
    ]

    operations = [
        migrations.AddField(
            model_name='shop',
            name='remote_parcel_fee',
            field=models.PositiveIntegerField(default=0, help_text='원. 제주와 섬으로 보낼 때 더 받는 금액이에요.', verbose_name='제주·섬 추가 택배비'),
        ),
    ]
