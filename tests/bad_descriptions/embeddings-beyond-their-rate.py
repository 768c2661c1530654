from seatrial import System

ferry = System("ferry")
words = ferry.model_api("words", model="text-embedding-3-small", tokens_per_minute=30_000)
ferry.service("desk", "serve", port=8080, public=True, uses=[words])
ferry.usage(busy="8 h")
ferry.usage(words, tokens="2B/month")
