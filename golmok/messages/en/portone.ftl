problem-webhook-forged = We cannot tell who sent this
problem-webhook-forged-detail = The signature is missing or wrong, so it was not taken. Check the webhook secret in the settings.
