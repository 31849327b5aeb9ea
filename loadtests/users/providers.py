"""A user a door: each sends messages, takes what comes, and goes on."""

from locust import task

from loadtests.users.base import MAILBAG, SendingUser


class DoorUser(SendingUser):
    """Sends through one door; ``door`` is its name."""

    abstract = True
    door = ""

    @task
    def send(self) -> None:
        """One message, tried once."""
        self.doors.attempt(self.door, MAILBAG.next())


class OfficialUser(DoorUser):
    """The official API."""

    door = "official"


class ResellerUser(DoorUser):
    """The reseller proxy."""

    door = "reseller"


class ErbanSoapUser(DoorUser):
    """Erban's .asmx, SOAP 1.1."""

    door = "erban-soap"


class ErbanFormUser(DoorUser):
    """Erban's .aspx form, GBK."""

    door = "erban-form"


class ErbanXFireUser(DoorUser):
    """Erban's Java twin."""

    door = "erban-xfire"


class ErbanRestUser(DoorUser):
    """Erban's REST interface."""

    door = "erban-rest"
