"""Asks a gateway with the official client, streamed and plain; any surprise is an exception. Argument: base URL."""
import sys

from openai import OpenAI

client = OpenAI(base_url=sys.argv[1] + "/v1", api_key="none", max_retries=0, timeout=60)
model = "llama-2-70b"
messages = [{"role": "user", "content": "What does an endpoint picker pick? " * 40}]
prompt = "Latency is a distribution. " * 60


def check(condition, what):
    if not condition:
        raise AssertionError(what)


assert_model = [entry.id for entry in client.models.list().data]
check(model in assert_model, assert_model)

plain = client.chat.completions.create(model=model, messages=messages, max_tokens=12)
check(plain.choices[0].message.content, plain)
check(plain.usage.completion_tokens == 12, plain.usage)

pieces, usage = [], None
for chunk in client.chat.completions.create(
        model=model, messages=messages, max_tokens=12, stream=True, stream_options={"include_usage": True}):
    pieces += [choice.delta.content for choice in chunk.choices if choice.delta.content]
    usage = chunk.usage or usage
check(len(pieces) == 12, pieces)
check(usage.completion_tokens == 12, usage)
check(usage.prompt_tokens_details.cached_tokens >= 0, usage)

text = client.completions.create(model=model, prompt=prompt, max_tokens=9)
check(text.choices[0].text and text.usage.completion_tokens == 9, text)

streamed = [chunk for chunk in client.completions.create(model=model, prompt=prompt, max_tokens=9, stream=True)]
check(sum(1 for chunk in streamed if chunk.choices and chunk.choices[0].text) == 9, streamed)
print("ok")
