-- wrk(1) script: posts one event per request, made from a template. Settings come from the environment:
--
--   EVENT_TEMPLATE     file with the body; @ROUTING_KEY@, @DEDUP_KEY@ and @NUMBER@ are filled in
--   EVENT_PATH         path to post to
--   EVENT_ROUTING_KEY  the integration key
--   EVENT_KEYS         0: a key never sent before for every event; N: N keys in turn, 1 being one hot key
--   EVENT_RUN          a number that makes this run's keys its own
--   EVENT_DELAY_MS     mean milliseconds that a connection waits between an answer and its next request; 0: none
--
-- Prints, after wrk's own lines, one line "RESULT " with JSON.

local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    return text
end

local keys = tonumber(os.getenv("EVENT_KEYS") or "0")
local run = tonumber(os.getenv("EVENT_RUN") or "0")
local pause = tonumber(os.getenv("EVENT_DELAY_MS") or "0")
local parts = {}
local request_head
local counter = 0

-- Every key is 20 bytes and every number 8, so that all requests have one length.
local function fill(n)
    local key = keys > 0 and n % keys or n
    local dedup = keys > 0 and string.format("bench-%04d-%09d", 0, key) or string.format("bench-%04d-%09d", run, key)
    return dedup, string.format("%08d", keys == 1 and 1 or n)
end

function init(args)
    local template = read(os.getenv("EVENT_TEMPLATE"))
    template = template:gsub("@ROUTING_KEY@", os.getenv("EVENT_ROUTING_KEY") or "")
    local position = 1
    while true do
        local first, last, name = template:find("@(%u+_?%u*)@", position)
        if not first then break end
        parts[#parts + 1] = template:sub(position, first - 1)
        parts[#parts + 1] = name
        position = last + 1
    end
    parts[#parts + 1] = template:sub(position)
    local dedup, number = fill(0)
    local length = 0
    for index, part in ipairs(parts) do
        if index % 2 == 1 then length = length + #part
        elseif part == "DEDUP_KEY" then length = length + #dedup
        else length = length + #number end
    end
    request_head = "POST " .. os.getenv("EVENT_PATH") .. " HTTP/1.1\r\nHost: localhost\r\n"
        .. "Content-Type: application/json\r\nContent-Length: " .. length .. "\r\n\r\n"
end

function request()
    local dedup, number = fill(counter)
    counter = counter + 1
    local pieces = { request_head }
    for index, part in ipairs(parts) do
        pieces[#pieces + 1] = index % 2 == 1 and part or (part == "DEDUP_KEY" and dedup or number)
    end
    return table.concat(pieces)
end

if pause > 0 then
    -- Spread evenly around the mean, so that the connections do not move in step.
    function delay() return math.floor(math.random() * 2 * pause + 0.5) end
end

function done(summary, latency, requests)
    local errors = summary.errors
    print(string.format(
        'RESULT {"requests":%d,"seconds":%.6f,"p50":%.3f,"p90":%.3f,"p99":%.3f,"p999":%.3f,"max":%.3f,"refused":%d,"broken":%d}',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(90) / 1e3,
        latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3, latency.max / 1e3,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
