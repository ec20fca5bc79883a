"""What any mediation can teach whoever leads it, alone or with a colleague."""

from logbook_site.demo.reflections.theme import Theme, guiding

GUIDING = [
    # The beginning
    Theme(
        guiding,
        did_well=(
            "I asked each person in turn what a useful meeting would be for them, before any facts.",
            "I explained in two sentences what stays private, and checked that it was understood.",
            "I had telephoned everyone the day before, so nobody was surprised by how we began.",
            "I asked them to agree on how we speak to each other, and I let them choose the words.",
            "I said at the start when the breaks would be. People became calmer.",
        ),
        challenges=(
            "My introduction was too long. I saw people look at their phones.",
            "One side had thought that I would decide the case, and was disappointed to hear that I do not.",
            "They began by arguing about who should speak first, and I had not planned for that.",
            "I explained the rules so carefully that it sounded like a warning.",
            "I began with the history. It took an hour before anyone spoke about the future.",
        ),
        learnings=(
            "Keep my introduction under five minutes and ask a question sooner.",
            "Say on the telephone, before the day, that I make no decision.",
            "Agree on the order of speaking before the meeting, by message.",
            "Begin with “What should be different when you leave?” and write the answers down.",
            "Ask each person to say in their own words what confidential means.",
        ),
    ),
    # Listening
    Theme(
        guiding,
        did_well=(
            "I repeated the main complaint in their own words until they said: yes, that is it.",
            "I asked “What was the worst day?” and then listened for ten minutes without a note.",
            "I noticed that the small word “again” came back many times, and I asked about it.",
            "I asked the quiet person a direct but easy question, and they went on speaking for a long time.",
            "I summarised after each part. People corrected me twice, and that was useful.",
        ),
        challenges=(
            "I wrote too many notes and missed the faces.",
            "I summarised too early and had to take it back.",
            "One person told the same story three times. I could not see what was still missing for them.",
            "I finished a sentence for somebody, and it was not the sentence they meant.",
            "I was thinking of my next question while they were still answering the last one.",
        ),
        learnings=(
            "Write one page of notes at most, and look up.",
            "When a story comes back, ask what nobody has understood about it yet.",
            "Count to three before I answer.",
            "Ask “Did I leave anything out?” after each summary.",
            "Ask fewer questions that can be answered with yes or no.",
        ),
    ),
    # Time and silence
    Theme(
        guiding,
        did_well=(
            "I let a silence last for almost a minute, and then the first real offer came.",
            "I proposed a break when people began to repeat themselves. They came back with a shorter list.",
            "I kept the last half hour free, so that nobody had to hurry.",
            "I said early how much time was left, and people chose what mattered most.",
            "I slowed down when I felt that they only wanted to be finished. Two open points came up.",
        ),
        challenges=(
            "I spoke into a silence that somebody else needed.",
            "We spent most of the time on the smallest point.",
            "After the second break everyone was tired, and I went on for too long.",
            "I had planned too little time, and at the end everyone was in a hurry.",
            "One side wanted to finish fast, the other needed time to think. I did not find the right speed.",
        ),
        learnings=(
            "Put the most important point first, while people are rested.",
            "Take a break every hour, even when it goes well.",
            "When nobody speaks, look at my watch and wait for a full minute.",
            "Ask at the beginning how long each person can really stay.",
            "Leave half an hour at the end with nothing planned.",
        ),
    ),
    # Strong feelings
    Theme(
        guiding,
        did_well=(
            "When a voice became loud I spoke slowly and quietly, and the others did the same after a while.",
            "I named the anger without judging it, and the person nodded.",
            "I saw that somebody was close to tears and asked for a pause in time.",
            "After a hard sentence I waited a moment and then asked what they were afraid of.",
            "I stopped an insult at once, in a friendly way. Nobody tried it again.",
        ),
        challenges=(
            "Somebody shouted, and I felt my own heart beat faster. I needed a minute.",
            "I let an insult pass because I hoped it was the only one. It was not.",
            "One person cried, and I did not know whether to go on.",
            "The anger was about something older than this dispute, and I saw it late.",
            "I smiled to be friendly, and one person thought that I did not take it seriously.",
        ),
        learnings=(
            "Stop the first insult, not the third.",
            "Offer a pause and let the person decide, instead of deciding for them.",
            "Breathe out before I speak when it becomes loud.",
            "Ask early whether there is an older hurt that belongs to this.",
            "Meet an angry person alone for twenty minutes before everyone meets.",
        ),
    ),
    # Private meetings
    Theme(
        guiding,
        did_well=(
            "I gave each side the same number of minutes alone, and told them so.",
            "In private I asked what happens if nothing is agreed, and they calculated it themselves.",
            "At the end of each private meeting I repeated what I may pass on and what not.",
            "I passed on an idea as a question and not as an offer, and the other side thought about it.",
            "One person tried out with me how to say sorry, and later said it well.",
        ),
        challenges=(
            "I stayed with one side for forty minutes, and the other side felt forgotten.",
            "I was told something in private that changed everything, and I was not allowed to use it.",
            "I almost passed on a number that I had been told in private.",
            "After the private meetings each side believed that I agreed with them.",
            "I separated them too early. They could still have talked to each other.",
        ),
        learnings=(
            "Set a timer for private meetings, and send a message when one takes longer.",
            "Mark private facts in another colour in my notes.",
            "Ask “What may I tell the others?” at the end of each private meeting, every time.",
            "Keep them together as long as they still ask each other questions.",
            "Give the side that waits a question to work on.",
        ),
    ),
    # Who decides
    Theme(
        guiding,
        did_well=(
            "I checked before the day who may sign, and the right person came.",
            "I had asked for the telephone number of the person who decides, and we needed it.",
            "I invited someone who does the daily work. Nobody else knew the details.",
            "I asked each side who else must be able to live with the result.",
            "I asked what each person will have to explain to others afterwards. It made the talk more honest.",
        ),
        challenges=(
            "The person who came had to ask for permission at every step.",
            "Late in the day we learned that somebody who was not there also had to agree.",
            "One person spoke for a group that did not feel represented.",
            "The person with the power to decide left early.",
            "Two people from one side wanted different things, and I treated them as one.",
        ),
        learnings=(
            "Ask in writing, one week before: who decides, and will they be there?",
            "Speak with each person on a side, not only with the one who talks most.",
            "Have the absent person ready on the telephone for the last hour.",
            "Draw a small map of everyone who can say no.",
            "Begin by asking what each person may decide today.",
        ),
    ),
    # Numbers and ideas
    Theme(
        guiding,
        did_well=(
            "I asked for three possible solutions before we judged any of them.",
            "We wrote the figures on one sheet that all could see, and the quarrel about them stopped.",
            "I asked what each part of the sum would pay for. The talk became concrete.",
            "I separated the question of who was right from the question of what to do now.",
            "I asked for one very small first step, and the next steps were easier.",
        ),
        challenges=(
            "The first numbers came too early and were far from what people needed.",
            "I had a favourite solution of my own and pushed it a little.",
            "Every idea was turned down within seconds, and I had no more questions.",
            "Nobody had brought the figures that we needed.",
            "I did not see how the sum was made, and I was afraid to ask.",
        ),
        learnings=(
            "Ask for ideas on paper first, without names, then read them aloud.",
            "Ask for the figures a week before.",
            "When I like one solution, ask two more questions about the others.",
            "Before we talk about a number, ask what the number is for.",
            "Say openly when I do not understand a calculation. Others are often grateful.",
        ),
    ),
    # Lawyers and advisers
    Theme(
        guiding,
        did_well=(
            "I rang each lawyer before the day, and we agreed that their clients would speak first.",
            "I thanked the advisers for their papers and then asked the people themselves.",
            "I gave the lawyers a point to write down while I stayed with their clients.",
            "I asked an adviser to explain the risk in plain words. Everyone became quiet and listened.",
            "I asked the lawyers to meet me alone for ten minutes. After that they helped.",
        ),
        challenges=(
            "One lawyer treated the day as a hearing and objected to every question.",
            "The advisers talked to each other, and the people concerned did not speak.",
            "One side had a lawyer and the other did not, and I felt the difference all day.",
            "An adviser had promised too much and could not easily go back.",
            "I used legal words because I wanted the lawyers to respect me. The others did not understand me.",
        ),
        learnings=(
            "Ask the lawyers beforehand to help me, so that their clients do the talking.",
            "Offer a side without a lawyer time to get advice before anything is signed.",
            "Talk about the weak part of a case in private only.",
            "On each point, ask the people first and their advisers second.",
            "Explain every legal word at once, or do not use it.",
        ),
    ),
    # Being fair to all
    Theme(
        guiding,
        did_well=(
            "I noticed that I liked one side more, and I asked them the harder questions.",
            "I asked a simple question about something I thought I knew. The answer was new to me.",
            "In the break I saw that one side had far fewer lines in my notes. I changed that.",
            "I asked everyone how they wish to be addressed, and kept to it.",
            "I told them at the start what could make me look partial, and asked whether they minded.",
        ),
        challenges=(
            "I agreed with one side from the first page. It was an effort to hear the other.",
            "One person reminded me of a former boss, and I was less friendly than I should be.",
            "One side said that I had let the other speak longer. They were right.",
            "I assumed that it was about money. It was about an apology.",
            "I used one side's word for the problem without noticing.",
        ),
        learnings=(
            "Keep two columns in my notes and compare them at each break.",
            "Find a neutral name for the problem before we start.",
            "Write my first opinion on paper, fold it, and look at it only afterwards.",
            "Ask “What else could explain it?” before I explain anything.",
            "Talk about a difficult case with a colleague within the same week.",
        ),
    ),
    # Myself
    Theme(
        guiding,
        did_well=(
            "I had slept well and eaten before. It made a difference.",
            "I asked for a break for myself and said so. Nobody minded.",
            "I had kept the evening before free, and I was patient even at the end.",
            "I admitted a mistake at once and corrected it.",
            "I had read all papers twice and needed none of them during the talk.",
        ),
        challenges=(
            "It was late in a long week, and I was less patient.",
            "I had read the papers too quickly and mixed up two dates.",
            "I was hungry and tired at the end, and my questions became longer.",
            "I wanted to be a good mediator more than I wanted to understand them.",
            "I thought about the case all night and could not say what troubled me.",
        ),
        learnings=(
            "Not more than two full cases a week.",
            "Plan an hour without appointments after each case.",
            "Read the papers two days before, and once more in the morning.",
            "Bring something to eat, and eat it.",
            "Ask a colleague to listen for half an hour after a hard day.",
        ),
    ),
    # Words that mean different things
    Theme(
        guiding,
        did_well=(
            "I allowed short talks in another language and asked for a summary afterwards.",
            "I used short sentences and asked people to stop me when something was unclear.",
            "I asked what a technical word means before we went on. Two of them had not known it either.",
            "I drew the order of events, and people corrected the drawing instead of each other.",
            "I checked each important word with the person who was not using their first language.",
        ),
        challenges=(
            "A polite “yes” meant “I hear you” and not “I agree”. I understood it late.",
            "Somebody interpreted for a relative and gave me only summaries. I felt that I missed half.",
            "I spoke too fast for one person, and they were too polite to say so.",
            "A joke was not understood and hurt someone.",
            "I used a word that is neutral for me and an accusation for them.",
        ),
        learnings=(
            "Ask “What did you understand?” instead of “Did you understand?”.",
            "When somebody interprets, meet half an hour before and agree on whole sentences.",
            "Speak at half speed when somebody uses their second language.",
            "No jokes before people know each other.",
            "Ask each side for the words that hurt, and avoid them.",
        ),
    ),
]
