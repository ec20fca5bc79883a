"""What a mediation teaches by how it ended, how people met, and what it was about."""

from logbook.choices import EntryRole, Medium, Outcome
from logbook_site.demo.reflections.theme import Theme, guiding_when

WORK = {"Workplace", "Dismissal", "Pay and hours"}
BUILDING = {"Building defects", "Building payments", "Building delays"}
FARM = {"Farm succession", "Inheritance"}

AT_TIMES = [
    # An agreement in writing
    Theme(
        guiding_when(lambda entry: entry.outcome in {Outcome.SETTLED, Outcome.PARTLY}),
        did_well=(
            "We wrote who does what by which day, and read every line aloud.",
            "I asked what could go wrong next month, and we added a sentence for it.",
            "The text used their words and not mine.",
            "I checked that each person could explain the agreement without looking at it.",
            "We agreed on one sentence to tell the others who are waiting for news.",
        ),
        challenges=(
            "We agreed on the main thing and then argued for an hour about one word.",
            "I wrote “soon” in the first draft, and everyone thought of a different day.",
            "The first draft was mine, and it sounded like me.",
            "Everyone was tired when we wrote the text, and a small but important point is missing.",
            "One person signed very fast, and I wonder whether they had read it.",
        ),
        learnings=(
            "A date in every line, never “soon”.",
            "Start the text while people still have energy, with the points that are clear.",
            "Let them write the first draft, and only ask about it.",
            "Ask each person to read their own part aloud before signing.",
            "Plan a short telephone call after four weeks to ask how it goes.",
        ),
    ),
    # No agreement, or none yet
    Theme(
        guiding_when(lambda entry: entry.outcome in {Outcome.NOT_SETTLED, Outcome.ONGOING}),
        did_well=(
            "There is no agreement, but they thanked each other at the end.",
            "I did not push in the last hour, and everyone kept the right to say no.",
            "We ended with a list of what is clear and what is still open.",
            "I told them honestly that I did not see a solution today.",
            "I made sure that each side knew the next step and whom to call.",
        ),
        challenges=(
            "We were close, and then an old letter was mentioned and everything stopped.",
            "I was disappointed and probably showed it.",
            "One side would rather go to court, and I noticed it late.",
            "I tried for too long to reach an agreement that day.",
            "One offer was fair in my eyes. I had to accept that it was not enough for them.",
        ),
        learnings=(
            "Ask halfway whether it makes sense to continue.",
            "A day without agreement needs a good ending, too. Plan fifteen minutes for it.",
            "Ask early when court would be the better choice.",
            "Call each side after two weeks. Some are ready to talk again by then.",
            "Write down together what has become clear, so that it is not lost.",
        ),
    ),
    # On a screen
    Theme(
        guiding_when(lambda entry: entry.medium == Medium.ONLINE),
        did_well=(
            "I tested sound and picture with each person the day before. We started on time.",
            "I asked everyone to say who else was in the room with them.",
            "I rang a person within a minute when their connection broke.",
            "I used the chat only for practical things and said so at the start.",
            "I shared my notes on the screen, and they corrected them line by line.",
        ),
        challenges=(
            "The connection broke three times during the most important sentence.",
            "With the cameras off I could not tell whether a silence meant thinking or anger.",
            "One person sat in a car during the first half hour.",
            "I sent somebody into the wrong private room for a few seconds.",
            "After so long at the screen nobody had patience left.",
        ),
        learnings=(
            "Fifty minutes at the screen, then ten minutes away from it.",
            "Ask for a telephone number of each person beforehand.",
            "Ask for cameras on at the start and at the end, and allow them off in between.",
            "Prepare the private rooms and a list of who belongs where.",
            "Look into the camera when I say the important sentence.",
        ),
    ),
    # Some at the table, some on a screen
    Theme(
        guiding_when(lambda entry: entry.medium == Medium.HYBRID),
        did_well=(
            "I asked the people on the screen first each time, and they stayed part of it.",
            "A helper looked after the technology, so that I could look after the people.",
            "I put a large screen at the table, at the height of a face.",
            "I read every paper on the table aloud for those who joined by video.",
        ),
        challenges=(
            "Those who joined by video heard the laughter but not the joke.",
            "In the break the people at the table went on talking, and the person on the screen missed it.",
            "The microphone picked up the papers better than the voices.",
            "I forgot the person on the screen for ten minutes.",
        ),
        learnings=(
            "If one person joins by video, consider that all do.",
            "Bring my own microphone.",
            "Breaks for all at the same time, and no talk about the case meanwhile.",
            "Ask a helper to watch the screen and raise a hand for those on it.",
        ),
    ),
    # Two mediators
    Theme(
        guiding_when(lambda entry: entry.role == EntryRole.CO),
        did_well=(
            "My colleague and I had agreed who opens and who writes, and it felt easy.",
            "I waited when my colleague had found a good question.",
            "My colleague and I took five minutes alone before each new part.",
            "We two disagreed openly and kindly about the next step. The parties saw that it is possible.",
            "I said less than usual and saw more.",
        ),
        challenges=(
            "My colleague and I asked two questions at once, and nobody knew which to answer.",
            "I took over when my colleague was silent. The silence was intended.",
            "My colleague went faster than I wanted, and I did not say it.",
            "We two had different ideas of the right moment for private meetings.",
            "One side spoke only to my colleague, and I felt useless for an hour.",
        ),
        learnings=(
            "Agree with my colleague on a sign for “please wait”.",
            "Decide beforehand who leads which part, and keep to it.",
            "Talk for fifteen minutes afterwards about the two of us, not about the case.",
            "Ask my colleague what they see before I change direction.",
            "Tell my colleague beforehand what I am working on, so that they can watch it.",
        ),
    ),
    # More than one meeting
    Theme(
        guiding_when(lambda entry: entry.started_on is not None),
        did_well=(
            "I opened each new day with what we had already reached.",
            "I used the time between the meetings to speak with each side by telephone.",
            "I asked on the last day what had changed since the first. Much had.",
            "I sent a summary after every meeting, one page, the same for all.",
        ),
        challenges=(
            "New letters were written between the meetings, and we had to begin again.",
            "On the second day the good mood of the first was gone.",
            "One person came on the first day only.",
            "It became so long that I confused what was said when.",
        ),
        learnings=(
            "End each day with one small promise for the time until the next.",
            "Agree that no letters are sent between the meetings.",
            "Keep one page of notes for each day, with the date on top.",
            "Fix all the dates at the beginning.",
        ),
    ),
    # People who work together
    Theme(
        guiding_when(lambda entry: entry.subject in WORK),
        did_well=(
            "I asked each of them to describe an ordinary Tuesday at work, and I began to see the problem.",
            "I made clear to the employer that I report nothing. The employee spoke more freely after that.",
            "I asked what respect looks like at this workplace. The answers were small and possible.",
            "I asked the manager to listen first, and the manager did, for twenty minutes.",
        ),
        challenges=(
            "The personnel office wanted a report from me, and I had to say no twice.",
            "The employee had been told to come. That is not the same as wanting to.",
            "They know everyone in the firm is watching, and that made them careful.",
            "The manager spoke kindly but answered every question for the employee.",
        ),
        learnings=(
            "Agree in writing with the employer what is reported: the date, and nothing else.",
            "Ask the employee alone whether they come of their own will.",
            "Plan the first week after the mediation with them, day by day.",
            "Ask what each person needs from colleagues who are not here today.",
        ),
    ),
    # Building
    Theme(
        guiding_when(lambda entry: entry.subject in BUILDING),
        did_well=(
            "We looked at the photographs together before anybody spoke about blame.",
            "I asked the builder to explain the order of the works. The owner heard it for the first time.",
            "I asked each person to mark their worries on the plan. We had three points instead of thirty.",
            "I kept the expert to facts and asked for every possible cause.",
        ),
        challenges=(
            "There were two expert reports with opposite results, and nobody wanted to move.",
            "I know much about building, and I nearly gave advice.",
            "The list of complaints was long, and each of them had its own history.",
            "Nobody knew who had ordered the change, and everybody had a theory.",
        ),
        learnings=(
            "Ask the experts for one page together: what they agree on.",
            "Sort the points into three groups by cost before the meeting.",
            "My years as an engineer are for questions, not for answers.",
            "Ask who has to use the building while the work is done.",
        ),
    ),
    # Farms and inheritance
    Theme(
        guiding_when(lambda entry: entry.subject in FARM),
        did_well=(
            "I asked what the place should look like in ten years, and several saw nearly the same picture.",
            "I listened to the history of the place before we opened any papers.",
            "I asked those who had moved away what it still means to them.",
            "We spoke about where everyone will live before we spoke about shares.",
            "I asked what is fair and what is equal, and they saw that these are two questions.",
        ),
        challenges=(
            "The oldest person said little, and everyone looked at them before speaking.",
            "Somebody had worked for years without proper wages, and nobody had ever said it aloud.",
            "The husbands and wives were not invited, and we needed them.",
            "An old promise was mentioned again and again, and nobody had it in writing.",
            "The bank needs an answer this season, and grief needs longer.",
        ),
        learnings=(
            "Ask for the accounts of the last three years before the first meeting.",
            "Invite husbands and wives, at least to one meeting.",
            "Write down unpaid work year by year before anyone talks about shares.",
            "Ask which weeks are impossible on the farm before I propose a date.",
            "Speak with the oldest person early in the day.",
        ),
    ),
]
