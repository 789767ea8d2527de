"""Words that are written with a capital and are no names: those that begin sentences, and those of the calendar."""

from typing import Final

_COMMON_TEXT = """
absolutely according actually add additional additionally adjust ah almost already alright also alternatively although
always amazing another anybody anyone anything anyway anyways apparently apply art ask attend autumn avoid aw awesome
aww awww baby bake basically begin besides best bet better big book break breakfast bring btw build business buy bye
call celebrate certainly change check cheers choose clean click coffee combine come community congrats congratulations
connect connection consider considerations consistency contact continue cook cool create creativity cut dad damn dear
decide definitely determine develop dinner discuss does done drink dude easy education either else email encourage
energy enjoy ensure especially even eventually ever every everybody everyone everything exactly example excellent
excited exercise experience experiment explore fair fall family fashion father features feel finally find first
fitness focus follow food fortunately free freedom friends friendship fyi gather general generally get getting give
glad go god gonna good goodbye gosh got gotcha gotta granddad grandma grandpa gratitude great guess guys haha happy
hard have health hear hello help hence here hey hi history hmm home honestly hopefully house however identify imagine
important include including indeed instead interesting join keep key kids last lately later learn leave less let life
like likely listen lol long look lots love lucky lunch mainly make man many may maybe mean meanwhile meet men might
mix mom money monitor moreover mostly mother motivation move much mum music must name nature near neither never
nevertheless next nice nobody none normally nothing obviously offer often oh ok okay old omg once one open opt order
original otherwise overall own pack paint part patience pay peace people perfect perhaps personally plan play please
plus practice prepare prioritize probably progress provide quality read really recently recommendations record
regarding regardless regularly remember remind reminders remove repeat research resources rest review right run sad
safety same save say schedule school science search second see seems select send serve set several shall share show
similarly simple simply since sleep slow small some somebody someone something sometimes somewhere soon sorry sounds
speak sports spring start stay step still stop stress success summer super support sure surely take talk tea team
teamwork technology tell text thank thanks therefore things think third three thus time tips today together tomorrow
tonight too totally track traffic travel tricks true truly trust try turn two typically ugh uh ultimately um
unfortunately unless unlike until update use using usually utilize variations very visit wait walk wanna want watch
water way weather welcome well whatever whenever whether will winter wish women wonderful wood woohoo work works would
wow write writing yay yeah yep yes yesterday yet yo yoga yup
"""
COMMON_WORDS: Final = frozenset(_COMMON_TEXT.split())
"""Words that often begin a sentence, beside the stop words of analysis."""

FIRST_IN_NAMES: Final = frozenset({"big", "great", "good", "free", "open", "super", "home", "house", "art", "new"})
"""Such words that names of several words begin with, too."""

_CALENDAR_TEXT = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december mon tue tues wed thu thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec am pm
mondays tuesdays wednesdays thursdays fridays saturdays sundays
"""
CALENDAR_WORDS: Final = frozenset(_CALENDAR_TEXT.split())
