from jinchuan.shared import guards

GUARDS = [guards.Guard(name="audit_event_append_only", table="audit_auditevent", message="操作记录只能增加")]


def install_after_migrate(app_config):
    guards.install_after_migrate(app_config, GUARDS)
