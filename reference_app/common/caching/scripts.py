"""What runs inside the store, undivided: each script is one step that nobody else gets between."""

import hashlib
from collections.abc import Sequence
from typing import Any

from redis.exceptions import NoScriptError

from common.store import Client

# A generation that nothing changes.
LIFE_MS = 24 * 3600 * 1000
# A generation while somebody is about to commit: should they die, it runs out by itself.
UNCERTAIN_MS = 100
# Until when a writer that was never heard of again may still commit: no statement takes longer.
WRITER_MS = 10_000

_CLOCK = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
"""

# KEYS: entry, lease, a generation for each tag, its writers.
# ARGV: token, fresh generation, epoch, life of the lease, of a generation, of an uncertain one.
LEASE = f"""
{_CLOCK}
local tags = (#KEYS - 2) / 2
local generations = {{}}
for tag = 1, tags do
    local key, writers = KEYS[2 + tag], KEYS[2 + tags + tag]
    local generation = redis.call('GET', key)
    if not generation then
        redis.call('ZREMRANGEBYSCORE', writers, '-inf', now)
        generation = ARGV[2]
        local life = redis.call('EXISTS', writers) == 1 and ARGV[6] or ARGV[5]
        redis.call('SET', key, generation, 'PX', life)
    end
    generations[tag] = generation
end
local current = table.concat(generations, ' ')
local entry = redis.call('GET', KEYS[1])
if entry then
    local ending = string.find(entry, '\\n', 1, true)
    local space = string.find(entry, ' ', 1, true)
    local is_current = string.sub(entry, space + 1, ending - 1) == current
    if is_current and tonumber(string.sub(entry, 1, space - 1)) >= tonumber(ARGV[3]) then
        return {{'kept', current, string.sub(entry, ending + 1)}}
    end
end
local held = redis.call('GET', KEYS[2])
if held then
    local space = string.find(held, ' ', 1, true)
    -- Of other generations, nobody waits for it any more.
    if string.sub(held, space + 1) == current then
        local state = string.sub(held, 1, space - 1) == '-' and 'given up' or 'busy'
        return {{state, current, ''}}
    end
end
redis.call('SET', KEYS[2], ARGV[1] .. ' ' .. current, 'PX', ARGV[4])
return {{'yours', current, ''}}
"""

# KEYS: entry, lease, a generation for each tag. ARGV: token, generations, entry, its life.
FILL = """
local current = {}
for tag = 1, #KEYS - 2 do
    current[tag] = redis.call('GET', KEYS[2 + tag]) or ''
end
if table.concat(current, ' ') ~= ARGV[2] then
    return 0
end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
if redis.call('GET', KEYS[2]) == ARGV[1] .. ' ' .. ARGV[2] then
    redis.call('DEL', KEYS[2])
end
return 1
"""

# KEYS: lease. ARGV: token, generations.
GIVE_UP = """
if redis.call('GET', KEYS[1]) == ARGV[1] .. ' ' .. ARGV[2] then
    redis.call('SET', KEYS[1], '- ' .. ARGV[2], 'PX', 100)
end
"""

# KEYS: a generation for each tag, its writers. ARGV: writer, lives of writer and generation.
# A life is only ever shortened: others rely on when it ends.
ANNOUNCE = f"""
{_CLOCK}
local tags = #KEYS / 2
for tag = 1, tags do
    local key, writers = KEYS[tag], KEYS[tags + tag]
    redis.call('ZADD', writers, now + ARGV[2], ARGV[1])
    redis.call('PEXPIRE', writers, ARGV[2])
    local left = redis.call('PTTL', key)
    if left == -1 or left > tonumber(ARGV[3]) then
        redis.call('PEXPIRE', key, ARGV[3])
    end
end
"""

# KEYS: a generation for each tag, its writers.
# ARGV: writer, fresh generation, life of a generation, of an uncertain one.
RENEW = f"""
{_CLOCK}
local tags = #KEYS / 2
for tag = 1, tags do
    local key, writers = KEYS[tag], KEYS[tags + tag]
    redis.call('ZREM', writers, ARGV[1])
    redis.call('ZREMRANGEBYSCORE', writers, '-inf', now)
    local life = redis.call('EXISTS', writers) == 1 and ARGV[4] or ARGV[3]
    redis.call('SET', key, ARGV[2], 'PX', life)
end
"""

_HASHES = {
    script: hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
    for script in (LEASE, FILL, GIVE_UP, ANNOUNCE, RENEW)
}


def run(client: Client, script: str, keys: Sequence[str], *arguments: Any) -> Any:
    """Run a script; the store knows it by its hash, but for the first time.

    Args:
        client: the way to the store.
        script: one of this module.
        keys: its KEYS.
        arguments: its ARGV.

    Raises:
        RedisError: the store is away.
    """
    try:
        return client.evalsha(_HASHES[script], len(keys), *keys, *arguments)
    except NoScriptError:
        return client.eval(script, len(keys), *keys, *arguments)
