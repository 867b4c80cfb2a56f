#include "enrich/connector_report.h"
namespace socbridge::enrich {
Result<std::vector<opencti::Schedule>> read_schedules(Env&, const profile::Flags&,
                                                      const profile::Surroundings&) {
  return opencti::usual_schedules();
}
}  // namespace socbridge::enrich
