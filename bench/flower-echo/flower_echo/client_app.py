"""A client that answers what it is asked with the same."""

from flwr.app import Context, Message
from flwr.clientapp import ClientApp

app = ClientApp()


@app.query()
def answer(message: Message, context: Context) -> Message:
    return Message(message.content, reply_to=message)
