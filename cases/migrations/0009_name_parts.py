import django.db.models.deletion
from django.db import migrations, models

from jinchuan.shared.naming import fill_parts


def fill(apps, editor):
    """The parts of every name that is still there."""
    named = apps.get_model("cases", "Member").objects.filter(household__deidentified_at__isnull=True)
    fill_parts(named, apps.get_model("cases", "MemberNamePart"))


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_voided_by_a_second_person'),
    ]

    operations = [
        migrations.CreateModel(
            name='MemberNamePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(editable=False, max_length=1000, verbose_name='姓名检索词')),
                ('named', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='name_parts', to='cases.member', verbose_name='成员')),
            ],
            options={
                'verbose_name': '姓名检索词',
                'verbose_name_plural': '姓名检索词',
                'ordering': ['named', 'part'],
                'abstract': False,
                'indexes': [models.Index(fields=['part', 'named'], name='membernamepart_begins', opclasses=['varchar_pattern_ops', 'int8_ops'])],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
