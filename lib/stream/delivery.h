// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "marking/marking_rule.h"
#include "stream/comment.h"
#include "stream/match.h"
#include "thehive/client.h"
#include "thehive/subject.h"

namespace socbridge::stream {

struct DeliveryCounts {
  std::uint64_t commented = 0;  // new comments
  std::uint64_t changed = 0;    // comments brought up to date
  std::uint64_t known = 0;      // was there already
  std::uint64_t closed = 0;     // the alert or case is closed by now, or the observable is gone
  std::uint64_t refused = 0;    // TheHive will never take it
  std::uint64_t withheld = 0;   // marked above what the alert or case may hold
  std::uint64_t seen() const { return commented + changed + known + closed + withheld; }
};

// Reports matches to TheHive. What was reported already is read from TheHive itself, from the marks
// in our comments, so nothing is reported twice whatever was lost in between:
// - an event not newer than the newest mark of its observable and indicator was reported already;
// - one that changes nothing of the state brings that comment up to date;
// - one that changes it is a new comment, and the one before says that it is no longer current. A
//   withdrawal of what was never reported is not reported;
// - what is marked above the alert or case is not written there. If it was, before its marking was
//   raised, what was written is taken out of the comments.
// Tags and procedures come before the comment: a comment means that all is done. TheHive 4 has no
// comments: there the observable's tags say it, and the alert or case is tagged too. Not
// thread-safe.
class StreamDelivery {
 public:
  struct Options {
    std::string dashboard;            // base URL of OpenCTI for links
    std::int64_t request_ms = 30000;  // time limit for one match
    bool dry_run = false;             // nothing is written
    marking::MarkingRule markings;
  };
  using Notified = std::function<void(const StreamMatch& match, const std::string& observable,
                                      const thehive::Subject& subject, std::string_view what)>;

  StreamDelivery(thehive::Client& client, Options options)
      : client_(client), options_(std::move(options)) {}

  // Errors: auth and unreachable leave the match to be delivered again, which goes on with the
  // observables that are not done yet; refused will never pass.
  Status deliver(const StreamMatch& match, const Notified& notified);
  // What was read from TheHive is read again: before each batch, and after any error.
  void forget();

  const DeliveryCounts& counts() const { return counts_; }

 private:
  struct Place {
    bool open = false;
    thehive::Subject subject;
    marking::PlaceLimits limits;
  };
  struct Said {
    Mark mark;
    std::string comment_id;  // empty: not known yet
    std::string message;
  };
  using Comments = std::map<std::string, std::vector<Said>>;  // by pair, the newest last
  struct Seen {
    std::string kind_and_value;  // MatchKey::text() of the data
    std::string id, data;
    bool network = false;
  };

  Result<std::vector<Seen>> look_up(const StreamMatch& match, const Deadline& deadline);
  Result<Place> place_of(const std::string& observable, const Deadline& deadline);
  Result<Comments*> said_of(const thehive::Subject& subject, const Deadline& deadline);
  Status put_techniques(const StreamMatch& match, const Place& place, const Deadline& deadline);
  Result<std::string_view> notify_by_tags(const StreamMatch& match, const Seen& observable,
                                          const Place& place, const Deadline& deadline);
  Result<std::string_view> notify_by_comment(const StreamMatch& match, const Seen& observable,
                                             const Place& place, const Deadline& deadline);
  Status retire(const std::vector<Said>& comments, const StreamMatch& match, const Seen& observable,
                bool shown, const Deadline& deadline);
  Status put_comment(const thehive::Subject& subject, std::vector<Said>& comments, Said said,
                     bool edit, const Deadline& deadline);
  Status notify(const StreamMatch& match, const Seen& observable, const Place& place,
                const Notified& notified, const Deadline& deadline);

  thehive::Client& client_;
  Options options_;
  DeliveryCounts counts_;
  std::string current_;                   // the match that was begun
  std::set<std::string> done_;            // its observables that are reported
  std::map<std::string, Place> places_;   // by observable
  std::map<std::string, Comments> said_;  // by subject
};

}  // namespace socbridge::stream
