from django.db import migrations


def change(apps, schema_editor):
    rows_0 = apps.get_model("blog", "Blog").objects.filter(title="")
    rows_1 = rows_0.filter(pk__gt=1)
    rows_2 = rows_1.filter(pk__gt=2)
    rows_3 = rows_2.filter(pk__gt=3)
    rows_4 = rows_3.filter(pk__gt=4)
    rows_5 = rows_4.filter(pk__gt=5)
    rows_6 = rows_5.filter(pk__gt=6)
    rows_7 = rows_6.filter(pk__gt=7)
    rows_8 = rows_7.filter(pk__gt=8)
    rows_9 = rows_8.filter(pk__gt=9)
    rows_10 = rows_9.filter(pk__gt=10)
    rows_11 = rows_10.filter(pk__gt=11)
    rows_12 = rows_11.filter(pk__gt=12)
    rows_13 = rows_12.filter(pk__gt=13)
    rows_14 = rows_13.filter(pk__gt=14)
    rows_15 = rows_14.filter(pk__gt=15)
    rows_16 = rows_15.filter(pk__gt=16)
    rows_17 = rows_16.filter(pk__gt=17)
    rows_18 = rows_17.filter(pk__gt=18)
    rows_19 = rows_18.filter(pk__gt=19)
    rows_20 = rows_19.filter(pk__gt=20)
    rows_21 = rows_20.filter(pk__gt=21)
    rows_22 = rows_21.filter(pk__gt=22)
    rows_23 = rows_22.filter(pk__gt=23)
    rows_24 = rows_23.filter(pk__gt=24)
    rows_25 = rows_24.filter(pk__gt=25)
    rows_26 = rows_25.filter(pk__gt=26)
    rows_27 = rows_26.filter(pk__gt=27)
    rows_28 = rows_27.filter(pk__gt=28)
    rows_29 = rows_28.filter(pk__gt=29)
    rows_30 = rows_29.filter(pk__gt=30)
    rows_31 = rows_30.filter(pk__gt=31)
    rows_32 = rows_31.filter(pk__gt=32)
    rows_33 = rows_32.filter(pk__gt=33)
    rows_34 = rows_33.filter(pk__gt=34)
    rows_35 = rows_34.filter(pk__gt=35)
    rows_36 = rows_35.filter(pk__gt=36)
    rows_37 = rows_36.filter(pk__gt=37)
    rows_38 = rows_37.filter(pk__gt=38)
    rows_39 = rows_38.filter(pk__gt=39)
    rows_39.update(title="x")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunPython(change, migrations.RunPython.noop),
    ]
