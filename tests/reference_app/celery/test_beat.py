"""What runs by the clock."""

import warnings
from datetime import UTC, datetime, timedelta

from celery.schedules import crontab
from django.conf import settings
from django.test import SimpleTestCase
from redbeat.schedulers import RedBeatConfig, get_redis

from config import celery_app


class BeatTests(SimpleTestCase):
    def test_every_entry_names_a_task_that_there_is(self) -> None:
        celery_app.loader.import_default_modules()
        named = {entry["task"] for entry in celery_app.conf.beat_schedule.values()}
        self.assertLessEqual(
            {
                "author.tasks.reconcile_publications",
                "author.tasks.fan_out_digest",
                "blog.tasks.publish_due_blogs",
            },
            named,
        )
        self.assertLessEqual(named, set(celery_app.tasks))

    def test_the_reconciliation_runs_every_ten_minutes(self) -> None:
        entry = celery_app.conf.beat_schedule["reconcile-publications"]
        self.assertEqual(entry["schedule"], timedelta(minutes=10))
        self.assertEqual(entry["options"], {"expires": 600})

    def test_what_is_due_is_published_every_minute_and_late_messages_are_dropped(self) -> None:
        entry = celery_app.conf.beat_schedule["publish-due-blogs"]
        self.assertEqual(entry["schedule"], timedelta(minutes=1))
        self.assertEqual(entry["options"], {"expires": 60})
        self.assertNotIn("args", entry)

    def test_the_digest_runs_on_monday_morning(self) -> None:
        schedule: crontab = celery_app.conf.beat_schedule["weekly-digest"]["schedule"]
        sunday = datetime(2026, 3, 1, 12, tzinfo=UTC)
        # In the time zone of the schedule.
        last, left, _ = schedule.remaining_delta(sunday)
        due = last + left
        self.assertEqual((due.weekday(), due.hour, due.minute), (0, 6, 0))

    def test_the_digest_is_repaired_on_the_same_day_alone(self) -> None:
        schedule: crontab = celery_app.conf.beat_schedule["weekly-digest"]["schedule"]
        self.assertEqual((schedule.hour, schedule.day_of_week), ({6, 10, 14, 18, 22}, {1}))

    def test_one_beat_of_several_holds_a_lock_that_it_extends_in_time(self) -> None:
        config = RedBeatConfig(celery_app)
        self.assertEqual(celery_app.conf.beat_scheduler, "redbeat.RedBeatScheduler")
        self.assertTrue(config.lock_key)
        self.assertEqual(config.lock_timeout, 60)
        self.assertLess(celery_app.conf.beat_max_loop_interval * 2, config.lock_timeout)

    def test_the_lock_is_on_the_server_of_the_queues(self) -> None:
        self.assertEqual(RedBeatConfig(celery_app).redis_url, celery_app.conf.broker_url)

    def test_nothing_is_taken_from_the_settings_of_the_broker(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            config = RedBeatConfig(celery_app)
        self.assertEqual(config.redbeat_redis_options, settings.CELERY_REDBEAT_REDIS_OPTIONS)

    def test_a_silent_server_is_given_up_before_the_lock_runs_out(self) -> None:
        options = get_redis(celery_app).connection_pool.connection_kwargs
        self.assertLess(options["socket_timeout"], celery_app.conf.redbeat_lock_timeout)
        self.assertLess(options["socket_connect_timeout"], celery_app.conf.redbeat_lock_timeout)
