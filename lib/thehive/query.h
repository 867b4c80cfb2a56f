// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "thehive/client.h"
#include "thehive/subject.h"

namespace socbridge::thehive {

// Filters of the query language, as JSON. Only operators that versions 4 and 5 share
// (docs/protocols/thehive.md, "Query filters").
namespace filter {
std::string is(std::string_view field, std::string_view value);
// Without this overload a literal would convert to bool.
inline std::string is(std::string_view field, const char* value) {
  return is(field, std::string_view(value));
}
std::string is(std::string_view field, std::int64_t value);
std::string is(std::string_view field, bool value);
std::string in(std::string_view field, const std::vector<std::string>& values);
std::string at_least(std::string_view field, std::int64_t value);
std::string below(std::string_view field, std::int64_t value);
std::string all(const std::vector<std::string>& filters);  // of none: empty, no filter
std::string any(const std::vector<std::string>& filters);  // at least one; of none: empty
std::string none_of(std::string_view inner);               // _not
}  // namespace filter

enum class Order { ascending, descending };

// Operations of POST /api/v1/query, in the order they are added (docs/protocols/thehive.md, "Query
// operations").
//   Query("listAlert").where(filter::is("severity", 3)).sort("date", Order::descending).page(0, 50)
class Query {
 public:
  explicit Query(std::string_view select);  // listAlert, listCase, listObservable, …
  explicit Query(const Subject& subject);   // getAlert, getCase, getObservable
  Query& to(std::string_view name);         // observables, comments, jobs, case, …
  Query& where(std::string_view filter);    // empty: nothing is added
  Query& sort(std::string_view field, Order order);
  Query& page(std::uint64_t from, std::uint64_t to, const std::vector<const char*>& extra = {});
  Query& count();
  std::string text() const { return ops_ + "]"; }  // the JSON array of operations

 private:
  void add(const std::string& op);
  std::string ops_ = "[";
};

// A query that is read page by page.
struct Listing {
  std::string label;  // names it in TheHive's log
  Query query;
  std::uint64_t limit = 0;  // 0: none
  std::uint64_t page_size = 200;
  std::vector<const char*> extra = {};  // requested with each item
};

// Passes every item to `take` until it returns false, the list ends, or `limit` items were passed.
// refused: an answer has more items than its page.
Status for_each(Client& client, const Listing& listing,
                const std::function<bool(json::Value)>& take, const Deadline& deadline);

}  // namespace socbridge::thehive
