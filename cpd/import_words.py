"""By which headings and values an import knows the fields of a CPD entry.

English, French, Spanish, Portuguese, German and Arabic, as mediators head their own lists; and what our downloads and
forms say. See `logbook/import_words.py`.
"""

from django.utils.functional import SimpleLazyObject

from logbook_site.foundation.sheets import Words, country_words

# Fields of the entry form, with the headings by which they are known.
FIELDS: Words = {
    "completed_on": [
        "Date", "Completed on", "Date completed", "Completion date", "End date", "Ended", "When", "Day",
        "Date de fin", "Date de la formation", "Jour", "Terminée le",
        "Fecha", "Fecha de fin", "Fecha de finalización", "Fecha del curso", "Día",
        "Data", "Data de conclusão", "Data de fim", "Data final", "Dia",
        "Datum", "Enddatum", "Datum Ende", "Abgeschlossen am", "Termin", "Tag",
        "التاريخ", "تاريخ الانتهاء", "تاريخ الدورة", "اليوم",
    ],
    "title": [
        "Title", "Course", "Course title", "Activity", "Name", "Event", "Subject", "Topic", "Description",
        "Training",
        "Titre", "Intitulé", "Formation", "Cours", "Activité", "Sujet", "Thème",
        "Título", "Curso", "Actividad", "Nombre", "Tema", "Formación", "Atividade", "Formação", "Nome do curso",
        "Titel", "Kurs", "Veranstaltung", "Fortbildung", "Seminar", "Thema", "Bezeichnung", "Weiterbildung",
        "العنوان", "الدورة", "اسم الدورة", "النشاط", "الموضوع",
    ],
    "kind": [
        "Kind", "Type", "Category", "Type of activity", "Activity type", "Kind of activity", "Format",
        "Type d'activité", "Catégorie", "Nature", "Tipo", "Tipo de actividad", "Categoría", "Clase",
        "Tipo de atividade", "Categoria", "Art", "Kategorie", "Typ", "Art der Fortbildung", "Veranstaltungsart",
        "النوع", "نوع النشاط", "الفئة",
    ],
    "provider": [
        "Provider", "Organiser", "Organizer", "Institution", "Organisation", "Organization", "Trainer",
        "Host", "School",
        "Organisme", "Organisateur", "Prestataire", "Formateur", "Institut",
        "Proveedor", "Organizador", "Institución", "Centro", "Instituição", "Organização", "Formador",
        "Entidade",
        "Anbieter", "Veranstalter", "Träger", "Institut", "Referent", "Referentin",
        "الجهة", "الجهة المنظمة", "المنظم", "المؤسسة", "المركز",
    ],
    "hours": [
        "Hours", "Duration", "CPD hours", "Number of hours", "Time", "Length", "Hrs", "Minutes", "Total hours",
        "Heures", "Durée", "Nombre d'heures", "Horas", "Duración", "Número de horas", "Horas lectivas",
        "Duração", "Carga horária", "Stunden", "Dauer", "Std", "Anzahl Stunden", "Stundenzahl", "Zeitstunden",
        "الساعات", "عدد الساعات", "المدة",
    ],
    "points": [
        "Points", "CPD points", "Credits", "CPD credits", "CLE", "Credit points", "Units", "CPD units",
        "Crédits", "Points de formation", "Puntos", "Créditos", "Pontos",
        "Punkte", "Fortbildungspunkte", "CPD-Punkte", "Leistungspunkte", "النقاط", "نقاط", "الاعتمادات",
    ],
    "country": ["Country", "Pays", "País", "Land", "Staat", "البلد", "الدولة"],
    "takeaways": [
        "Takeaways", "What I take away", "Take away", "Learnings", "What I learned", "Notes", "Reflection",
        "Comments",
        "Remarks", "Lessons", "Enseignements", "Ce que je retiens", "Ce que j'ai appris", "Remarques",
        "Commentaires",
        "Aprendizajes", "Lo que me llevo", "Lo que aprendí", "Notas", "Observaciones",
        "Aprendizagens", "O que aprendi", "O que levo comigo", "Observações",
        "Was ich mitnehme", "Gelernt", "Was ich gelernt habe", "Erkenntnisse", "Notizen", "Bemerkungen",
        "Anmerkungen",
        "ما تعلمته", "الدروس المستفادة", "ملاحظات",
    ],
}  # fmt: skip

# Of fields with choices: each choice with the values by which it is known.
VALUES: dict[str, Words] = {
    "kind": {
        "training": [
            "Training course", "Training", "Course", "Seminar", "Webinar", "Class", "E-learning",
            "Certification",
            "Formation", "Cours", "Stage", "Séminaire", "Curso", "Formación", "Capacitación", "Seminario",
            "Formação", "Capacitação", "Seminário", "Kurs", "Lehrgang", "Fortbildung", "Weiterbildung",
            "Ausbildung",
            "Schulung", "دورة", "دورة تدريبية", "تدريب", "ندوة عبر الإنترنت",
        ],
        "presentation": [
            "Presentation or teaching", "Presentation", "Teaching", "Lecture", "Talk", "Speaker",
            "Lecturing", "Taught",
            "Présentation", "Enseignement", "Conférencier", "Intervention", "Exposé",
            "Presentación", "Ponencia", "Docencia", "Enseñanza", "Apresentação", "Palestra", "Docência",
            "Ensino",
            "Vortrag", "Lehre", "Präsentation", "Referat", "Unterricht", "محاضرة", "عرض", "تدريس",
        ],
        "workshop": ["Workshop", "Atelier", "Taller", "Oficina", "Werkstatt", "ورشة", "ورشة عمل"],
        "conference": [
            "Conference", "Congress", "Symposium", "Summit", "Convention", "Conférence", "Congrès", "Colloque",
            "Conferencia", "Congreso", "Simposio", "Jornada", "Conferência", "Congresso", "Simpósio",
            "Konferenz", "Tagung", "Kongress", "مؤتمر", "ندوة",
        ],
        "publication": [
            "Publication", "Article", "Book", "Writing", "Paper", "Blog", "Livre", "Publicación",
            "Artículo", "Libro",
            "Publicação", "Artigo", "Livro", "Veröffentlichung", "Publikation", "Artikel", "Aufsatz", "Buch",
            "منشور", "مقال", "كتاب", "نشر",
        ],
        "supervision": [
            "Supervision", "Peer group", "Intervision", "Coaching", "Mentoring", "Peer review",
            "Case discussion",
            "Analyse de pratiques", "Supervisión", "Intervisión", "Mentoría", "Supervisão", "Intervisão",
            "Mentoria",
            "Kollegiale Beratung", "Fallbesprechung", "إشراف", "توجيه",
        ],
        "self_study": [
            "Self-study", "Self study", "Reading", "Private study", "Podcast", "Autoformation",
            "Lecture personnelle",
            "Auto-estudio", "Autoestudio", "Estudio personal", "Lectura", "Autoestudo",
            "Estudo individual", "Leitura",
            "Selbststudium", "Eigenstudium", "Lektüre", "دراسة ذاتية", "قراءة", "تعلم ذاتي",
        ],
        "other": ["Other", "Autre", "Otro", "Otra", "Outro", "Outra", "Sonstige", "Sonstiges", "Andere",
        "أخرى", "آخر"],
    },
    "country": SimpleLazyObject(country_words),
}  # fmt: skip
