from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "golmok.web"
    label = "web"

    def ready(self) -> None:
        from golmok.web.desk.wording import teach_unfold

        teach_unfold()
