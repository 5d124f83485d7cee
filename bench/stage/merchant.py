"""The sample's merchant, through the public addresses."""

import httpx

from bench.stage.server import Server

NAME, PASSWORD = "merchant", "golmok-demo"


class Merchant:
    """Signed in, with the show on the air."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client = httpx.Client(base_url=server.url, headers={"Referer": server.url}, timeout=20)
        self._sign_in()
        address = f"/api/v1/studio/shows/{server.show_id}/on-air"
        self.ingest_key: str = self._post(address).json()["ingest_key"]
        me = self._client.get("/api/v1/me", params={"show": server.show_id})
        self._room_pass: str = me.raise_for_status().json()["room_pass"]

    def say(self, text: str) -> None:
        """Says something in the show's room."""
        headers = {"Authorization": f"Bearer {self._room_pass}"}
        address = f"/live/{self._server.show_id}/chat"
        self._client.post(address, json={"text": text}, headers=headers).raise_for_status()

    def _sign_in(self) -> None:
        self._client.get("/accounts/login/").raise_for_status()
        form = {"login": NAME, "password": PASSWORD, "csrfmiddlewaretoken": self._token}
        answer = self._client.post("/accounts/login/", data=form)
        if "sessionid" not in self._client.cookies:
            raise RuntimeError(f"the merchant was not let in: {answer.status_code}")

    def _post(self, address: str) -> httpx.Response:
        return self._client.post(address, headers={"X-CSRFToken": self._token}).raise_for_status()

    @property
    def _token(self) -> str:
        return self._client.cookies["csrftoken"]
