# One image for web, worker and beat; docker-compose.yml says which is which.
FROM python:3.12-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DATA_DIR=/data
RUN useradd --create-home --uid 1000 study && install -d -o study -g study /data
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY --chown=study:study . .
USER study
RUN SECRET_KEY=only-while-building-not-for-serving-anything-0123456789 \
    sh -c "python manage.py compile_translations && python manage.py collectstatic --noinput"

VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "studygroup.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4"]
