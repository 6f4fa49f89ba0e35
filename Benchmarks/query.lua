-- wrk(1) script: reads lists of the admin API. Settings come from the environment:
--
--   QUERY_PATH    path and query; @KEY@ becomes the key of one of the incidents, another one each time
--   QUERY_KEYS    how many there are
--   QUERY_TOKEN   the token
--
-- Prints, after wrk's own lines, one line "RESULT " with JSON.

local path = os.getenv("QUERY_PATH")
local keys = tonumber(os.getenv("QUERY_KEYS") or "1")
local tail = " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token token=" .. os.getenv("QUERY_TOKEN") .. "\r\n\r\n"

function request()
    local key = string.format("bench-0000-%09d", math.random(0, keys - 1))
    return "GET " .. path:gsub("@KEY@", key) .. tail
end

function done(summary, latency, requests)
    local errors = summary.errors
    print(string.format(
        'RESULT {"requests":%d,"seconds":%.6f,"p50":%.3f,"p90":%.3f,"p99":%.3f,"p999":%.3f,"max":%.3f,"refused":%d,"broken":%d}',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(90) / 1e3,
        latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3, latency.max / 1e3,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
