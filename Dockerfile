# One image for migrate, web, worker and beat; docker-compose.yml says which is which.
FROM python:3.12-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DATA_DIR=/data
RUN useradd --create-home --uid 1000 study && install -d -o study -g study /data /app
# Reads the letters of scanned pages, Korean and English; without it papers are read all the same, scans aside.
RUN apt-get update && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-kor && rm -rf /var/lib/apt/lists/*
WORKDIR /app

# The packages change seldom; pip writes their bytecode, so that a start does not have to.
COPY requirements.txt .
RUN pip install --no-cache-dir --compile --require-hashes -r requirements.txt

COPY --chown=study:study . .
# Ours, too: a process that looks into a file starts for many a request.
RUN python -m compileall -q members papers schedule studygroup
USER study
# Building makes a key of its own and leaves none behind: serving takes another from the environment.
RUN DATA_DIR=/tmp/build sh -c "python manage.py compile_translations && python manage.py collectstatic --noinput" && rm -r /tmp/build

VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "studygroup.wsgi", "--config", "python:studygroup.gunicorn_conf", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm"]
