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
  std::uint64_t changed = 0;    // updated comments
  std::uint64_t known = 0;      // existed before
  std::uint64_t closed = 0;     // the alert or case is closed, or the observable was deleted
  std::uint64_t refused = 0;    // TheHive refuses it permanently
  std::uint64_t withheld = 0;   // marked above the level of the alert or case
  std::uint64_t seen() const { return commented + changed + known + closed + withheld; }
};

// Reports matches to TheHive. What was already reported is read from the marks in our comments in
// TheHive, so nothing is reported twice, even if local state is lost:
// - an event that is not newer than the newest mark of its observable and indicator is skipped;
// - an event that does not change the state updates that comment;
// - an event that changes the state adds a comment, and the previous one is marked as outdated. The
//   withdrawal of an unreported match is not reported;
// - a match marked above the alert or case is not written there. If it was written before its
//   marking was raised, the content is removed from the comments.
// Tags and procedures are written before the comment: a comment means that all is done. TheHive 4
// has no comments: there the observable's tags carry the state, and the alert or case is tagged
// too. Not thread-safe.
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

  // Errors: after auth and unreachable the match is to be delivered again, which continues with the
  // observables that are not done; refused is final.
  Status deliver(const StreamMatch& match, const Notified& notified);
  // Drops the data read from TheHive: before each batch, and after any error.
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
  using Comments = std::map<std::string, std::vector<Said>>;  // by pair, newest last
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
  std::string current_;                   // the match in progress
  std::set<std::string> done_;            // its observables that are reported
  std::map<std::string, Place> places_;   // by observable
  std::map<std::string, Comments> said_;  // by subject
};

}  // namespace socbridge::stream
