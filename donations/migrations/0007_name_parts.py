import django.db.models.deletion
from django.db import migrations, models

from jinchuan.shared.naming import fill_parts


def fill(apps, editor):
    fill_parts(apps.get_model("donations", "Donor").objects.all(), apps.get_model("donations", "DonorNamePart"))


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0006_papers'),
    ]

    operations = [
        migrations.CreateModel(
            name='DonorNamePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(editable=False, max_length=1000, verbose_name='姓名检索词')),
                ('named', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='name_parts', to='donations.donor', verbose_name='捐赠方')),
            ],
            options={
                'verbose_name': '捐赠方检索词',
                'verbose_name_plural': '捐赠方检索词',
                'ordering': ['named', 'part'],
                'abstract': False,
                'indexes': [models.Index(fields=['part', 'named'], name='donornamepart_begins', opclasses=['varchar_pattern_ops', 'int8_ops'])],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
