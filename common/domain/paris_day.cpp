#include "common/domain/paris_day.h"

namespace pleiade {
namespace {

using namespace std::chrono;

// Both changes of clocks are at 01:00 UTC of the month's last Sunday.
sys_time<milliseconds> change_of_clocks(year year, month month) {
    return sys_days{year / month / Sunday[last]} + hours{1};
}

}  // namespace

Day paris_day(sys_time<milliseconds> instant) {
    const year year = year_month_day{floor<days>(instant)}.year();
    const bool summer = instant >= change_of_clocks(year, March) && instant < change_of_clocks(year, October);
    return floor<days>(instant + hours{summer ? 2 : 1});
}

}  // namespace pleiade
