/** Who of the gateways has which shards: one script to take and to keep them, one to give them back. */

/**
 * Says that this gateway lives, keeps its leases and takes free ones up to its fair share, giving back what is beyond that. The
 * shards wanted by name are taken by whoever comes first. Each lease that is taken has a higher fencing token than any before:
 * by at least one, and by the time, so that a Redis that has lost what it gave out last does not give it out again.
 * Allowed where Redis is full: none of it grows.
 *
 * KEYS: members, tokens, versions. ARGV: name, length of a lease in milliseconds, number of shared shards, number of all, prefix of
 * leases, shards wanted by name. Gives the leases held, the milliseconds until the first of the others ends, whether some were
 * given back, the tokens of all shards, and names and versions of all gateways in turn.
 */
export const renewScript = `#!lua flags=allow-oom
local members, tokens, versions = KEYS[1], KEYS[2], KEYS[3]
local name, length, shared, all, prefix = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, dead in ipairs(redis.call('ZRANGE', members, '-inf', now, 'BYSCORE')) do
  redis.call('ZREM', members, dead)
  redis.call('HDEL', versions, dead)
end
redis.call('ZADD', members, now + length, name)
local living = redis.call('ZRANGE', members, 0, -1)
local fair = math.ceil(shared / #living)

local held, free, first, gaveBack = {}, {}, length, 0
local function keep(shard)
  redis.call('PEXPIRE', prefix .. shard, length)
  held[#held + 1] = shard
end
local function take(shard)
  local token = math.max((redis.call('HGET', tokens, shard) or '0') + 1, now)
  redis.call('HSET', tokens, shard, string.format('%.0f', token))
  redis.call('SET', prefix .. shard, name, 'PX', length)
  held[#held + 1] = shard
end
local function giveBack(shard)
  redis.call('DEL', prefix .. shard)
  gaveBack = 1
end
local function wait(shard) first = math.min(first, redis.call('PTTL', prefix .. shard)) end

for shard = 0, shared - 1 do
  local holder = redis.call('GET', prefix .. shard)
  if not holder then free[#free + 1] = shard
  elseif holder ~= name then wait(shard)
  elseif #held < fair then keep(shard)
  else giveBack(shard) end
end
for _, shard in ipairs(free) do
  if #held < fair then take(shard) end
end
local wanted = {}
for place = 6, #ARGV do wanted[tonumber(ARGV[place])] = true end
for shard = shared, all - 1 do
  local holder = redis.call('GET', prefix .. shard)
  if holder == name then
    if wanted[shard] then keep(shard) else giveBack(shard) end
  elseif wanted[shard] then
    if holder then wait(shard) else take(shard) end
  end
end

local given = {}
for shard = 0, all - 1 do given[#given + 1] = redis.call('HGET', tokens, shard) or '0' end
local others = {}
for _, living in ipairs(living) do
  others[#others + 1] = living
  others[#others + 1] = redis.call('HGET', versions, living) or ''
end
return { held, first, gaveBack, given, others }
`;

/** KEYS: members, versions, wishes. ARGV: name, number of all shards, prefix of leases. */
export const leaveScript = `#!lua flags=allow-oom
for shard = 0, ARGV[2] - 1 do
  if redis.call('GET', ARGV[3] .. shard) == ARGV[1] then redis.call('DEL', ARGV[3] .. shard) end
end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3])
`;
