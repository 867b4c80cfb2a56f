// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "json/value.h"
#include "soc-sandbox/opencti/stream_history.h"
#include "soc-sandbox/thehive/api.h"

namespace socbridge::sandbox::opencti {

// The id of the one live stream, unless the data file names another.
inline constexpr char kStreamId[] = "4f8d3c1a-7b6e-4a59-9c0d-1e2f3a4b5c6d";

// The streams that the token's user may read.
struct StreamRights {
  bool shared = true;         // TAXIIAPI: created streams
  bool administrator = true;  // BYPASS: also `live`
};

// The live stream of 6.8.10 (docs/protocols/opencti.md), with history, recovery, heartbeats and
// faults, and `/sandbox/stream`, where tests publish events and change settings.
class StreamService {
 public:
  // `settings`: the `sandbox.stream` member of the data file, or missing.
  static Result<std::unique_ptr<StreamService>> make(json::Value settings, std::string key,
                                                     StreamRights rights);

  // Whether a token may read the events under that stream id. To be set before the first request.
  using Gate = std::function<bool(std::string_view token, std::string_view stream)>;
  void also_let_in(Gate gate) { gate_ = std::move(gate); }

  // Empty: the path is not one of the stream's.
  std::optional<Response> handle(const Request& request);
  StreamHistory& history() { return history_; }

 private:
  struct Call;
  StreamService(EventMaker maker, std::string key, StreamRights rights)
      : history_(maker), key_(std::move(key)), rights_(rights) {}
  Status read_settings(json::Value settings);
  bool key_fits(const Request& request) const;
  Response open(const Request& request);
  Response set_delay(const Request& request);
  Response publish(const Request& request);
  void serve(Call call, Sender& out);
  bool send_history(Call& call, Sender& out);
  std::string connected_frame(const std::string& connection) const;

  StreamHistory history_;
  std::string key_;
  StreamRights rights_;
  Gate gate_;
  std::mutex mutex_;
  std::string id_ = kStreamId;
  std::map<std::string, std::shared_ptr<std::atomic<std::uint64_t>>> delays_;  // by connection
  std::atomic<std::uint64_t> heartbeat_ms_{5000};
  std::atomic<std::uint64_t> cut_every_{0};  // a connection ends after about this many events
  std::atomic<std::uint64_t> connections_{0};
  std::atomic<bool> stopped_{false}, silent_{false};
};

}  // namespace socbridge::sandbox::opencti
