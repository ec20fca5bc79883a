"""What is seen by those who watch, who speak for one side, or who practise."""

from logbook_site.demo.reflections.theme import Theme, simulated, speaking_for_one_side, watching

BESIDE = [
    # Watching: my place
    Theme(
        watching,
        did_well=(
            "I stayed in the background and wrote down questions, not opinions.",
            "I stayed silent although I had an idea. That was right.",
            "I watched the breaks without being asked, and the mediator could forget the clock.",
            "I asked the mediator one good question afterwards instead of ten.",
            "I noticed who had not spoken for a while and told the mediator in the break.",
        ),
        challenges=(
            "It was hard not to nod when one side spoke.",
            "I wanted to help and had to stay quiet.",
            "A party asked me in the break what I think, and I was not prepared for that.",
            "I felt sorry for one side and for an hour saw only their reasons.",
            "Nobody had told the parties why I was there.",
        ),
        learnings=(
            "Prepare one polite sentence for a party who asks my opinion.",
            "Ask the mediator beforehand what I should look for.",
            "Ask to be introduced at the start, in one sentence.",
            "Ask for five minutes with the mediator right after the end.",
            "Try the mediator's first question in my next role play.",
        ),
    ),
    # Watching: what I noted
    Theme(
        watching,
        did_well=(
            "I counted how long each side spoke, and the mediator found it useful.",
            "I kept the list of open points, so that the mediator could look at the people.",
            "I had put the papers in the right order, and nobody had to search.",
            "I wrote down the exact words that changed the mood.",
            "I read my notes once more in the break and found a wrong date.",
        ),
        challenges=(
            "I did not understand why the mediator waited so long. Later I did.",
            "For some minutes I did not follow, because I was still writing.",
            "I know the trade and found it difficult to keep that to myself.",
            "My notes were full of facts and had no feelings in them.",
            "I compared everything with my textbook, and the day did not follow the textbook.",
        ),
        learnings=(
            "Watch hands and faces for ten minutes of each hour, without writing.",
            "Write down word for word the questions that helped.",
            "Notice when the mediator does nothing, and ask why.",
            "Read about private meetings before the next case.",
            "Note how each hour begins and ends, not only what is said.",
        ),
    ),
    # For one side: my client
    Theme(
        speaking_for_one_side,
        did_well=(
            "I had prepared my client well, and they spoke for themselves.",
            "I said less than in court, and it helped.",
            "I had written our interests on one page, before our claims.",
            "I asked my client what they would lose if we won everything.",
            "My client and I had agreed on a sign for a break, and we used it.",
        ),
        challenges=(
            "My client heard an offer as an insult, and I had to slow things down.",
            "I began to argue as I do in court, and the other side stopped listening.",
            "My client wanted me to fight, and I wanted them to listen.",
            "We had not spoken about the lowest result that is still acceptable.",
            "I answered a question that was meant for my client.",
        ),
        learnings=(
            "Talk with the client about the worst possible result before the day, not during it.",
            "Let the client tell the beginning. I only add.",
            "Bring three offers, not one.",
            "Ask the mediator beforehand how the day will go, and tell my client.",
            "Write down what the other side needs, too.",
        ),
    ),
    # For one side: the others
    Theme(
        speaking_for_one_side,
        did_well=(
            "I thanked the other side for a document, and they became more polite.",
            "I told the mediator in private where we could move.",
            "I had brought a timetable on one page, and all of us used it.",
            "I advised my client to accept a break, and they thought again.",
            "I explained the risk in numbers without making my client afraid.",
        ),
        challenges=(
            "The other lawyer and I know each other from court, and we began too sharply.",
            "I did not trust the process for the first hour, and my client felt it.",
            "The mediator wished to see my client without me, and that was not easy.",
            "New papers arrived on the morning of the mediation.",
            "I had to tell my client that the other side was partly right.",
        ),
        learnings=(
            "Ring the other lawyer a week before and agree on the papers.",
            "Say earlier, in private, where we can move.",
            "Ask for time alone with my client after every new offer.",
            "Bring the figures in a form that a tired person can read.",
            "Say “I do not know” when I do not know.",
        ),
    ),
    # Role plays: asking
    Theme(
        simulated,
        did_well=(
            "I used open questions for the whole first part.",
            "I remembered to explain what is confidential, which I forgot last time.",
            "The players spoke to each other and not to me.",
            "I asked for feedback and did not defend myself.",
            "I tried a summary after each part, and it worked twice.",
        ),
        challenges=(
            "I knew that it was only practice and was nervous all the same.",
            "I had a solution in my head after five minutes and stopped being curious.",
            "I spoke only about the contract and did not ask about feelings.",
            "The trainer stopped me in the middle, and I did not know how to continue.",
            "I asked three questions in one sentence.",
        ),
        learnings=(
            "One question at a time.",
            "Practise the opening aloud at home, five times.",
            "Ask about feelings in the first half hour.",
            "Record myself once and count my own words.",
            "Play a party next time, to feel what a good question does.",
        ),
    ),
    # Role plays: leading
    Theme(
        simulated,
        did_well=(
            "I stayed with one topic until it was really finished.",
            "I listed the points in neutral words.",
            "I noticed the anger of a player and named it carefully.",
            "I gave every player the same time.",
            "I ended on time and with a clear next step.",
        ),
        challenges=(
            "The players were harder than real people, and I wanted to give up.",
            "I spoke much more than I listened.",
            "My neutral words sounded cold.",
            "I looked at the trainer for help instead of at the players.",
            "I moved to solutions before I knew what people needed.",
        ),
        learnings=(
            "Write “Why is that important to you?” on a card and use it.",
            "Read the case twice and then put it away.",
            "Find neutral words that are still friendly.",
            "Watch how others open, and take what suits me.",
            "Wait longer before the first idea.",
        ),
    ),
]
